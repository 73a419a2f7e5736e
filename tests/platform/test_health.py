import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind_https(settings):
    settings.ALLOWED_HOSTS = ["mail.company.example"]
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_check_by_number_and_without_tls_is_answered(behind_https, client, path):
    response = client.get(path, headers={"host": "10.0.0.7:8000"})

    assert response.status_code == 200


def test_any_other_page_keeps_its_checks(behind_https, client):
    response = client.get("/login/", headers={"host": "mail.company.example"})

    assert response.status_code == 301


def test_a_waiting_migration_is_told(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations waiting")
    assert client.get("/healthz").status_code == 200
