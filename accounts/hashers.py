from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2OfficeHasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB (OWASP). Django's default of 100 MiB and eight lanes takes a second of both cores."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
