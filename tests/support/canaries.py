"""Canaries: a secret in any place of an exchange, under any name, and in any encoding."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

from support.judging import HOST, JSON, multipart
from wirecheck.model import Exchange

CANARY = "k7Qm2xW9/vT4+bN8pR3z"
PIECE = 9  # characters of a secret that must not come out together

NAMES = [
    *("token", "accessToken", "refresh_token", "auth_token", "ID-Token", "oauth_token", "xoauthtoken"),
    *("secret", "client_secret", "clientSecret", "SECRET_KEY", "password", "passwd", "pwd", "passphrase"),
    *("newPassword", "password_confirmation", "api_key", "apiKey", "X-API-Key", "privateKey", "access-key"),
    *(
        "signing_key",
        "session_id",
        "sessionId",
        "PHPSESSID",
        "csrf_token",
        "xsrfToken",
        "jwt",
        "jwt_assertion",
    ),
    *("authorization", "credential", "X-Amz-Credential", "signature", "sig", "X-Amz-Signature"),
    *("client_assertion", "otp", "code_verifier", "cookie", "nonce"),
]
OTHER_NAMES = [
    *("customerApiKey", "upload_token_v2", "webhookSigningSecret", "DB_PASSWORD", "x-company-auth-token"),
    *("deviceTokenHex", "stripeSecretKey", "rootPwd", "ldap.passphrase", "sso_jwt", "partnerSignature"),
    *("recovery_code", "masterKey", "subscription-key", "session_key", "smsOtp", "totpSecret", "hmacSha256"),
]
# Written without a look at the table, in three sets; each is tried in some places and encodings only.
HELD_OUT = """
    xAuthTok sessKey apiSecretV2 hmac_signature userPasswd2 x-goog-api-key GITHUB_TOKEN
    slackBotToken fcmServerKey refreshTok id_tok_hint device_secret mqttPassword smtp_pass dbPass
    rootPassword1 encKey aesKey cipherKey private-key-pem clientCredential awsSecretAccessKey
    X-Amz-Security-Token x-ms-token-aad-id-token oauth2AccessToken bearer_auth login_ticket
    magicLinkToken emailVerificationCode mfaCode totp_seed recoveryPhrase passphrase2 unlockPin
    sessionCookie JSESSIONID ASP.NET_SessionId connect.sid laravel_session remember_token _csrf
    XSRF-TOKEN __RequestVerificationToken csrfmiddlewaretoken webhook_secret stripe-signature
    X-Hub-Signature-256 svix-signature payloadHmac sasToken sharedAccessKey storageAccountKey
    subscription_key Ocp-Apim-Subscription-Key licenseKey activation_key deploy_token ci_job_token
    personalAccessToken jwtAssertion saml_response SAMLResponse code_challenge_verifier
    client_assertion_jwt proof_key kek masterPassword newPwd oldPasswd confirm_password
    user[password] auth[token] credentials.secret apikey api_token appSecret consumer_secret
    twilioAuthToken push_token apnsToken playbackKey streamKey hashedPassword password_digest pwhash
    otp_code oneTimePassword backup_codes security_answer authenticity_token nonce_str
    x-access-token x-session-id x-vault-token private_token gatewayToken kubeToken
    service_account_key rsaPrivateKey pgpPassphrase dsn_password redisPassword sentryAuthToken
    mailgunApiKey openaiApiKey X-Shopify-Access-Token X-Api-Secret X-Plex-Token X-Gitlab-Token
    apikeyv3 authSecretRaw walletPassphrase mnemonicPhrase oauthVerifier request_token_secret
    temporaryPassword initialPwd sshPrivateKey vpnPsk wifiPassword pin2 cardCvv bankPin smsPasscode
    deviceAuthToken installationToken githubPat accessTokenSecret Auth-Key edgeSignature requestHmac
    webhookSignature urlSignature signedCookie rememberMeToken sso_session keycloakSession
    phpsessid2 asp_session x_sid userSession sessionHandle sessionJwt id_token_raw nonceValue
    csrf-param-token xcsrfToken antiforgeryToken formAuthToken inviteToken resetToken
    unsubscribeToken downloadToken uploadToken shareSecret linkSecret hookSecret botSecret
    channelSecret partnerKey tenantSecret vaultToken consulToken nomadToken dockerPassword
    registryPassword npmToken pypiToken encryption_key_v1 dataEncryptionKey hmacKey signingSecret
    masterSecret rootToken adminPwd sudoPassword loginPassword accountPassword emailPassword totpKey
    otpSecret mfaSecret backupCode scratchCodes bearerTok apitoken2 X-Session-Key authKeyV3 svcToken
    machineSecret clusterPassword ftpPasswd imapPassword ldapBindPwd hsmPin keystorePassword
    truststorePass p12Passphrase pemPrivateKey ecdsaPrivateKey seedPhrase walletSecret
    exchangeApiSecret X-MBX-APIKEY X-Figma-Token X-Auth-Key X-Consul-Token X-Amz-Credential
    x-zendesk-signature X-Line-Signature x-signature-ed25519 twitch-eventsub-message-signature
    cf-access-client-secret cf_clearance_token datadogApiKey honeycombKey newrelicLicenseKey
    sendgridKey stripeKey paypalSecret braintreePrivateKey squareAccessToken plaidSecret mapsApiKey
    firebaseIdToken cognitoRefreshToken oktaSessionToken auth0ClientSecret ssoAssertion oidcNonce
    openidSignature loginOtp resetOtp passwordHash passwordSalt challengeSignature cipherText
    encryptedToken tokenHash tokenValue secretString secretValueRaw sessionData authCookie sidCookie
"""
SHOWN = {"cipherText", "user[password]", "auth[token]"}
"""Of those: one that is not the name of a secret, and two that cannot be names of elements."""
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "percent": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent in lower case": lambda text: quote(text, safe="").lower(),
    "plus": quote_plus,
    "JSON slash": lambda text: text.replace("/", "\\/").replace("+", "\\u002B"),
    "JSON units": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "HTML": lambda text: text.replace("/", "&#x2F;").replace("+", "&#43;"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind a name": lambda text: base64.b64encode(f"ada:{text}".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "hex with colons": lambda text: text.encode().hex(":"),
    "reversed": lambda text: text[::-1],
    "split": lambda text: f"{text[:10]} {text[10:]}",
    "split in four": lambda text: "-".join(text[start : start + 5] for start in range(0, 20, 5)),
    "split in lines": lambda text: f"{text[:10]}\n{text[10:]}",
    "beginning": lambda text: text[:10],
    "end": lambda text: text[-10:],
    "within a word": lambda text: f"x{text}y",
}
Place = Callable[[str, str], dict[str, Any]]
PLACES: dict[str, Place] = {
    "query": lambda name, secret: {"url": f"{HOST}/things?a=1&{name}={quote(secret, safe='')}"},
    "query in brackets": lambda name, secret: {"url": f"{HOST}/things?user[{name}]={quote(secret, safe='')}"},
    "fragment": lambda name, secret: {"url": f"{HOST}/things#{name}={quote(secret, safe='')}"},
    "path segment": lambda name, secret: {"url": f"{HOST}/things/{name}/{quote(secret, safe='')}"},
    "request header": lambda name, secret: {"request_headers": ((name.lower(), secret),)},
    "response header": lambda name, secret: {"response_headers": (*JSON, (name.lower(), secret))},
    "cookie": lambda name, secret: {"request_headers": (("cookie", f"theme=dark; {name}={secret}"),)},
    "set-cookie": lambda name, secret: {
        "response_headers": (*JSON, ("set-cookie", f"{name}={secret}; Path=/; Secure"))
    },
    "form": lambda name, secret: {
        "method": "POST",
        "request_body": f"a=1&{name}={quote_plus(secret)}&b=2".encode(),
    },
    "multipart": lambda name, secret: {
        "method": "POST",
        "request_body": multipart({"a": "1", name: secret, "b": "2"}),
    },
    "JSON": lambda name, secret: {"method": "POST", "request_body": json.dumps({name: secret}).encode()},
    "nested JSON": lambda name, secret: {
        "method": "POST",
        "request_body": json.dumps({"user": [{"more": {name: secret}}]}).encode(),
    },
    "JSON in JSON": lambda name, secret: {
        "method": "POST",
        "request_body": json.dumps({"body": json.dumps({name: secret})}).encode(),
    },
    "JSON key": lambda name, secret: {
        "method": "POST",
        "request_body": json.dumps({name: {secret: {"uses": 3}}}).encode(),
    },
    "JSON that is cut": lambda name, secret: {
        "method": "POST",
        "request_body": json.dumps({"a": 1, name: secret, "b": 1})[:-8].encode(),
    },
    "XML": lambda name, secret: {
        "method": "POST",
        "request_body": f"<a><{name}>{secret}</{name}></a>".encode(),
    },
}


def canary(name: str, place: str, encoding: str) -> tuple[Exchange, str]:
    """An exchange with the canary in a place below a name, whose response repeats it in an encoding."""
    echo = ENCODINGS[encoding](CANARY)
    body = {"message": f"rejected: {echo}", "note": echo}
    fields: dict[str, Any] = {
        "source": "canary",
        "entry": 0,
        "method": "GET",
        "url": f"{HOST}/things",
        "status": 200,
        "response_headers": JSON,
        "response_body": json.dumps(body).encode(),
        **PLACES[place](name, CANARY),
    }
    return Exchange(**fields), echo


def leaks(text: str, secret: str) -> bool:
    """Whether a text shows a piece of a secret, as it is or in capitals."""
    lower, secret = text.lower(), secret.lower()
    size = min(PIECE, len(secret))
    return any(secret[start : start + size] in lower for start in range(len(secret) - size + 1))


def placements() -> list[tuple[str, str, str]]:
    """Every name in every place, every encoding in every place, and other names here and there."""
    names = [*NAMES, *OTHER_NAMES]
    plain = [(name, place, "plain") for name in names for place in PLACES]
    encoded = [
        (names[(index * len(ENCODINGS) + number) % len(names)], place, encoding)
        for index, place in enumerate(PLACES)
        for number, encoding in enumerate(ENCODINGS)
    ]
    held_out = [name for name in HELD_OUT.split() if name not in SHOWN]
    places, encodings = list(PLACES), list(ENCODINGS)
    spread = [
        (
            name,
            places[(index * 5 + number * 3) % len(places)],
            encodings[(index * 7 + number) % len(encodings)],
        )
        for index, name in enumerate(held_out)
        for number in range(4)
    ]
    return [*plain, *encoded, *spread]
