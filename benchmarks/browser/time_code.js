// The capture time in the picture, in the layout of preflight/devices/time_code.py: two rows of
// 24 blocks of 24x24 pixels at (24, 24); in each row block 0 is white, block 1 black and the
// others carry 44 bits: 36 of microseconds and a CRC-8 (polynomial 0x07, start 0xFF) over them.
"use strict";

const TimeCode = {
  X: 24, Y: 24, BLOCK: 24, COLUMNS: 24, ROWS: 2, WIDTH: 576, HEIGHT: 48,
  WRAP: 2 ** 36, MIN_CONTRAST: 48,

  crc(us) {
    let crc = 0xff;
    for (let shift = 32; shift >= 0; shift -= 8) {
      crc ^= Math.floor(us / 2 ** shift) & 0xff;
      for (let bit = 0; bit < 8; bit += 1) {
        crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
      }
    }
    return crc;
  },

  // bytes: a picture's planes, luma first, as VideoFrame.copyTo left them: I420 or NV12.
  write(bytes, layout, format, atMs) {
    if (format !== "I420" && format !== "NV12") throw new Error(`cannot code ${format}`);
    const us = Math.floor(atMs * 1000) % TimeCode.WRAP;
    const bits = us.toString(2).padStart(36, "0") + TimeCode.crc(us).toString(2).padStart(8, "0");
    const [luma, ...chroma] = layout;
    for (let row = 0; row < TimeCode.ROWS; row += 1) {
      const cells = "10" + bits.slice(row * 22, row * 22 + 22);
      const top = luma.offset + (TimeCode.Y + row * TimeCode.BLOCK) * luma.stride + TimeCode.X;
      for (let column = 0; column < TimeCode.COLUMNS; column += 1) {
        const from = top + column * TimeCode.BLOCK;
        bytes.fill(cells[column] === "1" ? 218 : 30, from, from + TimeCode.BLOCK);
      }
      for (let line = 1; line < TimeCode.BLOCK; line += 1) {
        bytes.copyWithin(top + line * luma.stride, top, top + TimeCode.WIDTH);
      }
    }
    const pair = format === "NV12" ? 2 : 1;
    for (const { offset, stride } of chroma) {
      for (let line = TimeCode.Y / 2; line < (TimeCode.Y + TimeCode.HEIGHT) / 2; line += 1) {
        const from = offset + line * stride + (TimeCode.X / 2) * pair;
        bytes.fill(128, from, from + (TimeCode.WIDTH / 2) * pair);
      }
    }
  },

  // image: ImageData of the code's area; returns the capture time on the scale of nowMs, or null.
  read(image, nowMs) {
    let bits = "";
    for (let row = 0; row < TimeCode.ROWS; row += 1) {
      const means = [];
      for (let column = 0; column < TimeCode.COLUMNS; column += 1) {
        let sum = 0;
        for (let y = 6; y < 18; y += 1) {
          for (let x = 6; x < 18; x += 1) {
            const at = (row * TimeCode.BLOCK + y) * TimeCode.WIDTH + column * TimeCode.BLOCK + x;
            sum += image.data[at * 4 + 1];
          }
        }
        means.push(sum / 144);
      }
      const [white, black] = means;
      if (white - black < TimeCode.MIN_CONTRAST) return null;
      for (const mean of means.slice(2)) bits += mean > (white + black) / 2 ? "1" : "0";
    }
    const us = parseInt(bits.slice(0, 36), 2);
    if (TimeCode.crc(us) !== parseInt(bits.slice(36), 2)) return null;
    const nowUs = Math.floor(nowMs * 1000);
    const age = (((nowUs - us) % TimeCode.WRAP) + TimeCode.WRAP) % TimeCode.WRAP;
    return (nowUs - age) / 1000;
  },
};
