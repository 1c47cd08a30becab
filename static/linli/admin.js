// The desk's registers. Django's search-as-you-type fields have no name of their own: they get that of their label.

function name(root) {
  root.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (!label || !box) {
      return;
    }
    label.id ||= `${select.id}_label`;
    box.setAttribute("aria-labelledby", `${label.id} select2-${select.id}-container`);
  });
}

// Django sets them up when the page is ready; this comes right after.
window.addEventListener("load", () => name(document));
document.addEventListener("formset:added", (event) => window.setTimeout(() => name(event.target)));
