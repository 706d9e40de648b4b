// Starts Scalar on our own document, with everything off that would speak to somebody else. Stands before Scalar itself.

// The style sheets that it makes carry the page's nonce, so that the policy lets no other in.
const { nonce } = document.currentScript;
const { createElement } = Document.prototype;
Document.prototype.createElement = function (name, ...options) {
  const element = createElement.call(this, name, ...options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};

addEventListener("DOMContentLoaded", () => {
  Scalar.createApiReference("#reference", {
    url: "/api/v1/openapi.json",
    proxyUrl: "",
    telemetry: false,
    withDefaultFonts: false,
    persistAuth: false,
    hideClientButton: true,
    showDeveloperTools: "never",
    agent: { disabled: true },
    mcp: { disabled: true },
  });
});
