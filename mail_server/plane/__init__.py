"""The real mail servers, Postfix and Dovecot: their configuration, and what they ask us."""
