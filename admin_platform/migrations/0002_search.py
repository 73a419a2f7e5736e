from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# Trigrams need three letters; Chinese names have two. Their one- and two-letter grams
# go into an array with a GIN index of its own.
GRAMS = """
CREATE FUNCTION mp_grams(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram ORDER BY gram), '{}') FROM (
        SELECT substr(lower(name), place, size) AS gram
        FROM generate_series(1, length(name)) AS place, generate_series(1, 2) AS size
        WHERE place + size - 1 <= length(name)
    ) AS grams
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("admin_platform", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(GRAMS, "DROP FUNCTION mp_grams(text)"),
    ]
