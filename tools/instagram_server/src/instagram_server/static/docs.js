// Starts Swagger UI on the contract of this server, with the demo credentials filled in.
const root = document.getElementById("contract");

// Swagger UI is dark where the page has this class.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

const ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  domNode: root,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  onComplete() {
    ui.preauthorizeApiKey("access_token", root.dataset.token);
    ui.preauthorizeApiKey("client_id", root.dataset.clientId);
    ui.preauthorizeApiKey("client_secret", root.dataset.clientSecret);
  },
});
