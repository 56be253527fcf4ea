// What a page that stays open has to say of recordings that bring no more.

/** Say it for as long as it is so, of some nodes by name. */
function tellOfRecordings({ full = [], gone = [] }) {
  const said = [
    full.length > 0 && `The recording of ${inAList(full)} is full. Nothing more of what happens there appears here.`,
    gone.length > 0 && `The recording of ${inAList(gone)} is gone: somebody has deleted it. What happens there appears ` +
      "here no more.",
  ].filter(Boolean);
  const words = said.length > 0 ? `${said.join(" ")} Stop make up and start it again.` : "";
  const place = document.getElementById("recordings-told");
  if ((place?.textContent ?? "") === words) return;
  place?.remove();
  if (words) document.querySelector("main").before(el("p", { class: "alarm", id: "recordings-told", role: "alert" }, words));
}
