"""Tokens: only what a known key signed for this program, for this person, for at most ten minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from connectors.app.signature import AUDIENCE, GUEST_PREFIX, Key, read_bearer, sign
from conversation.errors import NotAuthenticated
from conversation.identity import GUEST, Level

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
OWN = Ed25519PrivateKey.generate()
BANK = ec.generate_private_key(ec.SECP256R1())
OLD_BANK = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = Ed25519PrivateKey.generate()
KEYS = {
    "own": Key(OWN.public_key(), "EdDSA", customers=False, guests=True),
    "bank-1": Key(BANK.public_key(), "ES256", customers=True, guests=False),
    "bank-rsa": Key(OLD_BANK.public_key(), "RS256", customers=True, guests=False),
}


def claims(**changes: Any) -> dict[str, Any]:
    """What a bank's app signs; None leaves a claim out."""
    at = int(NOW.timestamp())
    whole = {"aud": AUDIENCE, "sub": "C0001", "iat": at, "exp": at + 600, **changes}
    return {name: value for name, value in whole.items() if value is not None}


def token(key: Any = BANK, algorithm: str = "ES256", kid: Any = "bank-1", **changes: Any) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


def raw(header: Any, payload: Any, signature: bytes = b"") -> str:
    """A token put together by hand."""
    parts = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in (header, payload)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (*parts, signature))


def refused(written: str) -> bool:
    with pytest.raises(NotAuthenticated):
        read_bearer(written, KEYS, NOW)
    return True


# accepted


def test_a_customer_of_the_banks_app_is_verified_until_the_token_ends() -> None:
    bearer = read_bearer(token(), KEYS, NOW)
    assert (bearer.user, bearer.is_guest) == ("customer:C0001", False)
    assert (bearer.identity.level, bearer.identity.customer_id) == (Level.VERIFIED, "C0001")
    assert bearer.expires_at == bearer.identity.verified_until == NOW + timedelta(minutes=10)
    assert bearer.identity.authenticated_at is None, "when he logged in is for auth_time to say"


def test_the_moment_of_the_log_in_is_told_apart_from_the_moment_of_signing() -> None:
    logged_in = NOW - timedelta(hours=1)
    bearer = read_bearer(token(auth_time=int(logged_in.timestamp())), KEYS, NOW)
    assert bearer.identity.authenticated_at == logged_in


def test_renewing_a_token_is_no_new_login() -> None:
    """A token without auth_time never lifts a doubt about the speaker, however fresh it is."""
    renewed = read_bearer(token(), KEYS, NOW).identity
    assert renewed.may_see_account(NOW)
    assert not renewed.may_see_account(NOW, doubted_at=NOW - timedelta(minutes=1))


def test_a_guest_is_nobody_in_particular() -> None:
    bearer = read_bearer(sign(OWN, "own", GUEST_PREFIX + "x", NOW), KEYS, NOW)
    assert (bearer.user, bearer.identity, bearer.is_guest) == ("guest:x", GUEST, True)


def test_a_customer_called_guest_is_not_a_guest() -> None:
    """The two kinds of names cannot meet."""
    assert read_bearer(token(sub="guest"), KEYS, NOW).user == "customer:guest"
    refused(token(sub="guest:x"))  # the bank's key speaks for customers only


def test_other_audiences_beside_ours_do_no_harm() -> None:
    assert read_bearer(token(aud=["other", AUDIENCE]), KEYS, NOW)


def test_an_older_algorithm_a_bank_still_uses_works_with_its_own_key() -> None:
    assert read_bearer(token(OLD_BANK, "RS256", "bank-rsa"), KEYS, NOW)


# time


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({"iat": 0, "exp": 600}, True),
        ({"iat": 0, "exp": 601}, False),  # longer than ten minutes
        ({"iat": -600, "exp": 0}, False),  # over in this moment
        ({"iat": -599, "exp": 1}, True),
        ({"iat": 5, "exp": 600}, True),  # clocks differ a little
        ({"iat": 6, "exp": 600}, False),
        ({"iat": -86400, "exp": 60}, False),
        ({"iat": 0, "exp": -1}, False),
        ({"iat": 0, "exp": 0}, False),
    ],
)
def test_a_token_lives_ten_minutes_and_not_before_its_time(changes: dict[str, int], good: bool) -> None:
    at = int(NOW.timestamp())
    written = token(iat=at + changes["iat"], exp=at + changes["exp"])
    if good:
        assert read_bearer(written, KEYS, NOW)
    else:
        refused(written)


def test_a_token_that_ran_out_can_be_exchanged_for_a_while_only_where_that_is_allowed() -> None:
    written = token()
    later = NOW + timedelta(minutes=15)
    with pytest.raises(NotAuthenticated):
        read_bearer(written, KEYS, later)
    assert read_bearer(written, KEYS, later, grace=timedelta(minutes=10))
    with pytest.raises(NotAuthenticated):
        read_bearer(written, KEYS, NOW + timedelta(minutes=20), grace=timedelta(minutes=10))


@pytest.mark.parametrize("name", ["iat", "exp"])
@pytest.mark.parametrize(
    "wrong", [True, "1772443800", [1], {}, 1e18, 1e300, float("inf"), float("nan"), -1e18]
)
def test_a_moment_that_is_none_is_refused(name: str, wrong: Any) -> None:
    refused(token(**{name: wrong}))


@pytest.mark.parametrize("wrong", [True, "x", [1], 1e18, float("nan")])
def test_a_log_in_at_no_moment_is_refused(wrong: Any) -> None:
    refused(token(auth_time=wrong))


def test_a_token_not_valid_yet_is_refused() -> None:
    refused(token(nbf=int(datetime.now(timezone.utc).timestamp()) + 3600))


# claims


@pytest.mark.parametrize("name", ["aud", "sub", "iat", "exp"])
def test_every_claim_must_be_there(name: str) -> None:
    refused(token(**{name: None}))


@pytest.mark.parametrize("aud", ["yixian-desk", "", "YIXIAN-APP", ["other"], [], "yixian-app "])
def test_a_token_for_another_program_is_refused(aud: Any) -> None:
    refused(token(aud=aud))


@pytest.mark.parametrize("sub", ["", 5, ["C0001"], "x" * 65, "C\0001", "C\ud800"])
def test_a_name_that_is_none_is_refused(sub: Any) -> None:
    """Signed below the level that looks at claims, as a careless bank's app might."""
    payload = json.dumps(claims(sub=sub)).encode()
    refused(jwt.api_jws.encode(payload, BANK, algorithm="ES256", headers={"kid": "bank-1"}))


def test_the_longest_name_still_fits() -> None:
    assert read_bearer(token(sub="C" * 64), KEYS, NOW)


# keys and algorithms


def test_a_guests_key_never_speaks_for_a_customer() -> None:
    refused(token(OWN, "EdDSA", "own"))


def test_in_the_demo_our_own_key_may() -> None:
    demo = {"own": Key(OWN.public_key(), "EdDSA", customers=True, guests=True)}
    assert read_bearer(token(OWN, "EdDSA", "own"), demo, NOW).identity.customer_id == "C0001"


@pytest.mark.parametrize(
    "kid", [None, "", "none", "None", "bank-2", "../bank-1", "bank-1\0", "BANK-1", ["bank-1"], {"a": 1}, 1]
)
def test_an_unknown_key_is_refused(kid: Any) -> None:
    header = {"alg": "ES256", "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    signed = token().split(".")
    refused(".".join([raw(header, {}).split(".")[0], signed[1], signed[2]]))


def test_another_keys_signature_is_refused() -> None:
    refused(token(STRANGER, "EdDSA", "own", sub="guest:x"))
    refused(token(ec.generate_private_key(ec.SECP256R1()), "ES256", "bank-1"))
    refused(token(OWN, "EdDSA", "bank-1"))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@pytest.mark.parametrize("signature", [b"", b"x"])
def test_an_unsigned_token_is_refused(alg: str, signature: bytes) -> None:
    for kid in KEYS:
        refused(raw({"alg": alg, "kid": kid}, claims(), signature))


@pytest.mark.parametrize("kid", ["own", "bank-1", "bank-rsa"])
@pytest.mark.parametrize("form", ["pem", "der", "raw"])
def test_a_public_key_is_no_shared_secret(kid: str, form: str) -> None:
    """HS256 with the public key's bytes as the secret: the algorithm comes from our key, not from the token."""
    public = KEYS[kid].public
    secret = {
        "pem": public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        "der": public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        "raw": OWN.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw),
    }[form]
    for alg, digest in (("HS256", hashlib.sha256), ("HS512", hashlib.sha512)):
        unsigned = raw({"alg": alg, "kid": kid, "typ": "JWT"}, claims()).rsplit(".", 1)[0]
        mac = (
            base64.urlsafe_b64encode(hmac.new(secret, unsigned.encode(), digest).digest())
            .rstrip(b"=")
            .decode()
        )
        refused(f"{unsigned}.{mac}")


def test_an_algorithm_of_the_same_family_is_another_algorithm() -> None:
    refused(token(OLD_BANK, "RS512", "bank-rsa"))
    refused(token(OLD_BANK, "PS256", "bank-rsa"))


def test_a_changed_token_is_refused() -> None:
    head, body, signature = token().split(".")
    other = raw({}, claims(sub="C0002")).split(".")[1]
    refused(f"{head}.{other}.{signature}")
    refused(f"{head}.{body}.{signature[:-4]}AAAA")
    refused(f"{head}.{body}.")
    refused(f"{head}.{body}")


@pytest.mark.parametrize(
    "junk",
    ["", ".", "..", "...", "a.b.c", "é.é.é", "\ud800.\ud800.\ud800", "\0", " ", "null", "x" * 10_000],
)
def test_junk_is_refused(junk: str) -> None:
    refused(junk)


@pytest.mark.parametrize("header", [b"[" * 20_000, b'{"a":' * 8_000, b"[1]", b"5", b"\xff\xfe", b'{"kid":'])
def test_a_hostile_header_is_refused_like_any_other(header: bytes) -> None:
    refused(raw(header, claims(), b"x"))


# our own tokens


def test_what_we_sign_we_accept_for_ten_minutes() -> None:
    demo = {"own": Key(OWN.public_key(), "EdDSA", customers=True, guests=True)}
    written = sign(OWN, "own", "C0001", NOW, NOW - timedelta(hours=2))
    bearer = read_bearer(written, demo, NOW)
    assert bearer.expires_at == NOW + timedelta(minutes=10)
    assert bearer.identity.authenticated_at == NOW - timedelta(hours=2)
