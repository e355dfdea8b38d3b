import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A certificate for this machine that nobody vouches for, good for a century, and its key. */
const CERTIFICATE = `
-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUeVdyHxRfAj5gPUFDgOXJQNiiFLMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEzMDkwNloYDzIxMjYxMDI4
MTMwOTA2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARUrbnrxQ2FVmjb3atsZrPGNHpYOfiDu8S/9ndg6qAcj6gOG0Lsdl4u
Cb1jlo6aOqaomK5Ou/FsCmwVtJoTHuNbo28wbTAdBgNVHQ4EFgQUppsliPXYF7vS
HtEuj8lF9DqjEP0wHwYDVR0jBBgwFoAUppsliPXYF7vSHtEuj8lF9DqjEP0wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhALt8BokOCE81jj7XQFcwT0rplISYAfHbkPJ7buxrD/FyAiEA
iCKXKbYyE+gSHR3UVFVH/T30gmj4pVf05VIdgh69tq8=
-----END CERTIFICATE-----
`;

const KEY = `
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTt+XVt/dpLAWlwgg
d0KDI4gUB5pO/V9IWajfwKvl+LuhRANCAARUrbnrxQ2FVmjb3atsZrPGNHpYOfiD
u8S/9ndg6qAcj6gOG0Lsdl4uCb1jlo6aOqaomK5Ou/FsCmwVtJoTHuNb
-----END PRIVATE KEY-----
`;

/** A server on loopback that speaks TLS with a certificate of its own making; the result closes it. */
export const selfSignedServer = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
