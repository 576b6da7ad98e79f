"""Service record certificates (志愿服务记录证明): issued from confirmed records, printed, shown in public, objected to.

Streams: certificate.
Invariant: the total is the sum of what is listed; nobody certifies their own service; a revoked certificate never holds again.
"""
