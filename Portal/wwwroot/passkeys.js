// Asks an authenticator with the question that stands in the page and posts its answer with the page's own form.
for (const form of document.querySelectorAll('form[data-passkey]'))
  form.addEventListener('submit', async e => {
    e.preventDefault();
    const failed = form.querySelector('[data-passkey-error]');
    failed.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options);
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.Answer.value = JSON.stringify(credential);
      form.submit();
    } catch {
      failed.hidden = false; // refused, timed out, or the browser has no passkeys
    }
  });
