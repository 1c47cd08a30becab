// A chosen photo is made smaller on the telephone before it travels: upright, at most 1600 pixels a side, a JPEG without
// place and camera data. Fetched when a photo is chosen. What cannot be read here goes as it is: the server does the same.

const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const READS = ["image/jpeg", "image/png", "image/webp"];
// two pixels side by side, to be shown one over the other: whether this browser turns what was held sideways
const SIDEWAYS =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI" +
  "////////////////////////////////////////////////////wAALCAABAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABP/EABQQAQAAAAAAAAAA" +
  "AAAAAAAAAAD/2gAIAQEAAD8Aa//Z";

async function turns() {
  const bytes = Uint8Array.from(atob(SIDEWAYS), (letter) => letter.charCodeAt(0));
  return (await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }))).height === 2;
}

async function smaller(file) {
  if (!READS.includes(file.type)) {
    return file;
  }
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    const paper = canvas.getContext("2d", { alpha: false });
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.imageSmoothingQuality = "high";
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    // memory goes at once: five photos of twelve megapixels are more than some telephones have
    canvas.width = canvas.height = 0;
    return made ? new File([made], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: made.type }) : file;
  } catch {
    return file;
  }
}

export async function shrink(input) {
  const chosen = input.files;
  if (!(await turns())) {
    return;
  }
  const files = new DataTransfer();
  for (const file of chosen) {
    files.items.add(await smaller(file));
  }
  // somebody may have chosen others meanwhile
  if (input.files === chosen) {
    input.files = files.files;
  }
}
