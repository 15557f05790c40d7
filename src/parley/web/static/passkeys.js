// Makes and uses passkeys: carries what the desk gives out to the officer's own device, and its answer back.
"use strict";
const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const post = async (address, fields) => {
  const form = new URLSearchParams(fields);
  form.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(address, { method: "POST", body: form, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const answerOf = (made) => {
  const said = { id: made.id, rawId: toText(made.rawId), type: made.type, clientExtensionResults: {}, response: {} };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) said.response[part] = toText(made.response[part]);
  }
  return JSON.stringify(said);
};

const make = async (button) => {
  const { name, options } = await post(button.dataset.offer, {});
  options.challenge = fromText(options.challenge);
  options.user.id = fromText(options.user.id);
  options.excludeCredentials = (options.excludeCredentials || []).map((one) => ({ ...one, id: fromText(one.id) }));
  const made = await navigator.credentials.create({ publicKey: options });
  return post(button.dataset.keep, { name, answer: answerOf(made) });
};

const use = async (button) => {
  const { name, options } = await post(button.dataset.options, {});
  options.challenge = fromText(options.challenge);
  options.allowCredentials = [];
  const found = await navigator.credentials.get({ publicKey: options });
  return post(button.dataset.in, { name, answer: answerOf(found) });
};

document.querySelectorAll("button[data-passkey]").forEach((button) => {
  if (!window.PublicKeyCredential) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const trouble = document.getElementById("passkey-trouble");
    trouble.hidden = true;
    try {
      const done = await (button.dataset.passkey === "make" ? make(button) : use(button));
      window.location.assign(done.go);
    } catch {
      trouble.hidden = false;
    }
  });
});
