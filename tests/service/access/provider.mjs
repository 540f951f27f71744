// A real OIDC provider on loopback: clients get access tokens (RFC 9068) for the audience given.
// Usage: node provider.mjs MODULES AUDIENCE; the port is chosen, and the issuer is printed.
import { createServer } from "node:net";
import { pathToFileURL } from "node:url";

const [modules, audience] = process.argv.slice(2);
const { default: Provider } = await import(
  pathToFileURL(`${modules}/oidc-provider/lib/index.js`)
);

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const client = (client_id) => ({
  client_id,
  client_secret: `${client_id}-secret`,
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
});
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [client("registry"), client("stranger")],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        audience: resource,
        scope: "",
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
        jwt: { sign: { alg: "RS256" } },
      }),
      defaultResource: () => audience,
      useGrantedResource: () => true,
    },
  },
});
provider.listen(port, "127.0.0.1", () => console.log(issuer));
