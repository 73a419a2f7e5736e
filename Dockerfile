FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/venv PATH=/opt/venv/bin:$PATH
RUN pip install --no-cache-dir uv==0.13.9 && useradd --system --create-home --home-dir /srv/platform platform
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
