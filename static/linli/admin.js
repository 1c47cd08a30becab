// The desk's registers. Django's search-as-you-type fields have no name of their own: they get that of their label.

function name(root) {
  root.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.textContent.replace(/[:：]\s*$/, "");
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (!label || !box) {
      return;
    }
    box.removeAttribute("aria-labelledby");
    [box, box.querySelector("[role=textbox]")].forEach((part) => part?.setAttribute("aria-label", label.trim()));
  });
}

// Django sets them up when the page is ready; this comes right after.
window.addEventListener("load", () => name(document));
document.addEventListener("formset:added", (event) => window.setTimeout(() => name(event.target)));
