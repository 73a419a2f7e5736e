"""Dates and numbers as the console shows them, in every language: 2026-03-12 09:02, 1,204."""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "Y-m"
THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
# Django's Chinese formats group by four.
NUMBER_GROUPING = 3
