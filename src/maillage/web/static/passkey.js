/* Passkeys: the form asks the browser for a key before it is sent. */

const decoder = globalThis.PublicKeyCredential;

async function ask(mode, options) {
  if (mode === "create") {
    return navigator.credentials.create({
      publicKey: decoder.parseCreationOptionsFromJSON(options.publicKey ?? options),
    });
  }
  return navigator.credentials.get({
    publicKey: decoder.parseRequestOptionsFromJSON(options.publicKey ?? options),
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const refused = form.querySelector("[data-passkey-refused]");
  const options = JSON.parse(document.getElementById(form.dataset.options).textContent);
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    refused.hidden = true;
    try {
      const credential = await ask(form.dataset.passkey, options);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      console.info("passkey", error.name);
      refused.hidden = false;
    }
  });
}
