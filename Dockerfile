FROM python:3.13-slim-bookworm AS platform

ENV PYTHONUNBUFFERED=1 UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/venv PATH=/opt/venv/bin:$PATH
RUN pip install --no-cache-dir uv==0.13.9 \
    && useradd --system --uid 5000 --create-home --home-dir /srv/platform platform
WORKDIR /srv/platform/app

COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev

COPY . .
ENV VAR_DIR=/srv/platform/var
RUN mkdir -p "$VAR_DIR" \
    && SECRET_KEY=build-only DATABASE_URL=postgresql://build@localhost/build python manage.py compile_locale \
    && SECRET_KEY=build-only DATABASE_URL=postgresql://build@localhost/build python manage.py collectstatic --noinput \
    && chown -R platform:platform /srv/platform
USER platform
VOLUME ["/srv/platform/var"]
EXPOSE 8000 2525 2587
CMD ["gunicorn", "admin_platform.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8"]

# The real mail servers (profile "mail"); what runs which is said in docker-compose.yml.
FROM platform AS mail-servers
USER root
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d \
    && echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections \
    && apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        postfix postfix-pgsql libsasl2-modules dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd \
        dovecot-sieve dovecot-pgsql rspamd clamav-daemon clamav-freshclam \
    && rm -rf /var/lib/apt/lists/*
VOLUME ["/etc/mail-plane", "/var/lib/mail-plane", "/var/lib/clamav"]
EXPOSE 25 587 143 993 110 995

# Built where no stage is named.
FROM platform
