// Copy and Download on the token string's page, Copy on pages of text. Sent with a nonce; keeps nothing, sends nothing.
(() => {
  const text = (selector) => document.querySelector(selector)?.textContent.trim() ?? "";
  const select = (selector) => {
    const node = document.querySelector(selector);
    if (node) getSelection()?.selectAllChildren(node);
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    const word = button.querySelector("[data-word]") ?? button;
    const said = word.textContent;
    let later;
    const say = (what) => {
      word.textContent = what;
      clearTimeout(later);
      later = setTimeout(() => { word.textContent = said; }, 2000);
    };
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text(button.dataset.copy));
        say("Copied");
      } catch {
        // No clipboard without HTTPS: the text is selected, so that one key copies it.
        select(button.dataset.copy);
        say(document.execCommand?.("copy") ? "Copied" : "Selected");
      }
    });
  }

  for (const button of document.querySelectorAll("[data-download]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const { download, filename, prefix } = button.dataset;
      const file = new Blob([`${prefix}${text(download)}\n`], { type: "text/plain" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = filename;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
