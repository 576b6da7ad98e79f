"""Service record certificates (服务证明): issued from confirmed records, printed, shown in public, objected to.

Streams: certificate.
"""
