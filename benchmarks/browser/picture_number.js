// The number in a picture of the clip, drawn before the call (benchmarks/material.py) in the
// layout of preflight/devices/time_code.py: two rows of 24 blocks of 24x24 pixels at (24, 24); in
// each row block 0 is white, block 1 black and the others carry 44 bits: 36 of the number and a
// CRC-8 (polynomial 0x07, start 0xFF) over them.
"use strict";

const PictureNumber = {
  PICTURE_WIDTH: 1280, BLOCK: 24, COLUMNS: 24, ROWS: 2, MIN_CONTRAST: 48,
  // Without the outer quarter of the first and the last row, which nobody looks at.
  RECT: { x: 24, y: 30, width: 576, height: 36 },

  crc(value) {
    let crc = 0xff;
    for (let shift = 32; shift >= 0; shift -= 8) {
      crc ^= Math.floor(value / 2 ** shift) & 0xff;
      for (let bit = 0; bit < 8; bit += 1) {
        crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
      }
    }
    return crc;
  },

  // luma: the bytes of RECT, stride of them to a row. Returns the number, or null without one.
  read(luma, stride) {
    let bits = "";
    for (let row = 0; row < PictureNumber.ROWS; row += 1) {
      const means = [];
      for (let column = 0; column < PictureNumber.COLUMNS; column += 1) {
        let sum = 0;
        for (let y = 0; y < 12; y += 3) {
          const from = (row * PictureNumber.BLOCK + y) * stride + column * PictureNumber.BLOCK + 6;
          for (let x = 0; x < 12; x += 3) sum += luma[from + x];
        }
        means.push(sum / 16);
      }
      const [white, black] = means;
      if (white - black < PictureNumber.MIN_CONTRAST) return null;
      for (const mean of means.slice(2)) bits += mean > (white + black) / 2 ? "1" : "0";
    }
    const value = parseInt(bits.slice(0, 36), 2);
    return PictureNumber.crc(value) === parseInt(bits.slice(36), 2) ? value : null;
  },

  // Reads VideoFrames and closes them. Only the code's rows leave the picture, as they were
  // captured or decoded: a canvas would convert the whole of it first. ``of(frame)`` resolves to
  // the number, or null without one.
  reader() {
    let bytes = new Uint8Array(0);
    const reader = {
      spentMs: 0,
      async of(frame) {
        const began = performance.now();
        try {
          // A smaller picture has its blocks elsewhere.
          if (frame.codedWidth < PictureNumber.PICTURE_WIDTH) return null;
          if (frame.format !== "I420" && frame.format !== "NV12") {
            throw new Error(`cannot read ${frame.format}`);
          }
          const options = { rect: PictureNumber.RECT };
          const size = frame.allocationSize(options);
          if (bytes.byteLength !== size) bytes = new Uint8Array(size);
          const copied = frame.copyTo(bytes, options);
          reader.spentMs += performance.now() - began;
          const [luma] = await copied;
          const resumed = performance.now();
          const number = PictureNumber.read(bytes.subarray(luma.offset), luma.stride);
          reader.spentMs += performance.now() - resumed;
          return number;
        } finally {
          frame.close();
        }
      },
    };
    return reader;
  },
};
