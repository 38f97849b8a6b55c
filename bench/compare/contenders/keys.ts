/** Keys and settings that callers of a job have once, and give along with each call. */

/** Of HS256: 48 bytes. */
export const SECRET = "a secret of forty-eight bytes, for the benchmark";

/** Ed25519, PKCS #8. Of no use but this. */
export const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIG9NvHE7MTB3JrRfFxUEsPx1SDZJU4BbN+GHwyelQhJT
-----END PRIVATE KEY-----
`;
export const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAu9ZOoymj7dX+epBQKTOYqb4gmsbi9I0ByrORNyV9VSQ=
-----END PUBLIC KEY-----
`;

/** Of the password that is the input of `argon2`: Argon2id with 19 MiB and two passes, which OWASP asks for at least. */
export const PASSWORD_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$bWWiDNmOY2qhEhHcclBoag$Fd4wZcEoVN+1JAVCwfCX6PtJA5YjDJtY/wGiKQ6j5xc";

/** What each double is multiplied by. */
export const FACTOR = 1.5;

/** The longest side of a thumbnail, in pixels. */
export const THUMBNAIL_SIDE = 256;

/** What each call of the leak takes for ever. */
export const LEAK_MEBIBYTES = 64;

/** ms that a caller waits for something that never ends, where the contender can give up on a call. */
export const PATIENCE = 1000;
