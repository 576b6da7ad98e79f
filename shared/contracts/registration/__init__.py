"""Events of registration: who exists, who reports where, with which certificate and receipt.

Personal fields are sealed per member (`*_sealed`: base64 of nonce and AES-256-GCM ciphertext); without the member's key they are noise,
and the key is destroyed on `PersonalDataErased`. Everything else names members by pseudonymous id only.
"""
