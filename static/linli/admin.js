// The desk's registers. Django's search-as-you-type fields have no name of their own: they get that of their label.

function name() {
  document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.textContent.replace(/[:：]\s*$/, "");
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (!label || !box || box.hasAttribute("aria-label")) {
      return;
    }
    box.removeAttribute("aria-labelledby");
    [box, box.querySelector("[role=textbox]")].forEach((part) => part?.setAttribute("aria-label", label.trim()));
  });
}

// They are set up some time after the page is ready, and again in every row that is added.
name();
new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
