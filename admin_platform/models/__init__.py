from admin_platform.models.audit import AuditCheck, AuditRecord, AuditSeal
from admin_platform.models.job import Job

__all__ = ["AuditCheck", "AuditRecord", "AuditSeal", "Job"]
