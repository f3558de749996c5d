// One participant in a browser: the same picture, codec, bitrate, layers and sound processing as
// the Liftbay client, so that both can be measured on the same call. The page does nothing but
// join, publish, show and report; its figures go to the runner once a second as running totals.
"use strict";

const report = {
  connectMs: null, connectToFirstFrameMs: null, firstHdMs: null, framesShown: 0,
  width: 0, height: 0, latenciesMs: [], audio: null, limitedBy: null, sentFps: null,
  sentWidth: null, error: null, remoteIdentity: null, messages: [],
};

function epochMs() { return performance.timeOrigin + performance.now(); }

async function post() {
  const body = JSON.stringify({ ...report, atMs: epochMs() });
  report.latenciesMs = [];
  const answer = await fetch("/report" + location.search, { method: "POST", body });
  return (await answer.json()).finish;
}

// Writes the time code into each captured picture and returns the track of the results. On the
// planes as they were captured: a canvas would convert to RGB and back without a GPU's help, and
// the browser would pay for something that no page needs.
function codedTrack(track) {
  const processor = new MediaStreamTrackProcessor({ track });
  const generator = new MediaStreamTrackGenerator({ kind: "video" });
  let buffer = new ArrayBuffer(0);
  const coder = new TransformStream({
    async transform(frame, controller) {
      const capturedAt = epochMs();
      const size = frame.allocationSize();
      if (buffer.byteLength !== size) buffer = new ArrayBuffer(size);
      const layout = await frame.copyTo(buffer);
      TimeCode.write(new Uint8Array(buffer), layout, frame.format, capturedAt);
      controller.enqueue(new VideoFrame(buffer, {
        format: frame.format, layout, timestamp: frame.timestamp,
        codedWidth: frame.visibleRect.width, codedHeight: frame.visibleRect.height,
      }));
      frame.close();
    },
  });
  processor.readable.pipeThrough(coder).pipeTo(generator.writable);
  return generator;
}

function watchPicture(video, joinedAt, config) {
  let publishedAt = 0;
  const area = document.createElement("canvas");
  area.width = TimeCode.WIDTH;
  area.height = TimeCode.HEIGHT;
  const reader = area.getContext("2d", { willReadFrequently: true });
  const onFrame = (now, meta) => {
    // The SFU sends some 8x8 black frames when a track ends; they are no picture.
    if (meta.width >= 16) {
      const at = epochMs();
      report.framesShown += 1;
      report.width = meta.width;
      report.height = meta.height;
      if (report.connectToFirstFrameMs === null) {
        report.connectToFirstFrameMs = at - Math.max(joinedAt.connect, publishedAt);
      }
      if (report.firstHdMs === null && meta.width >= 1280) report.firstHdMs = at;
      if (config.timeCode && meta.width === 1280) {
        reader.drawImage(video, TimeCode.X, TimeCode.Y, TimeCode.WIDTH, TimeCode.HEIGHT,
          0, 0, TimeCode.WIDTH, TimeCode.HEIGHT);
        const sent = TimeCode.read(reader.getImageData(0, 0, TimeCode.WIDTH, TimeCode.HEIGHT), at);
        // The frame reaches the glass when the compositor says, not when this callback runs.
        const shownAt = performance.timeOrigin + meta.expectedDisplayTime;
        if (sent !== null) report.latenciesMs.push(Math.max(at, shownAt) - sent);
      }
    }
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  return { published(at) { publishedAt = at; } };
}

function watchSound(track) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const time = new Float32Array(analyser.fftSize);
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  setInterval(() => {
    analyser.getFloatTimeDomainData(time);
    const rms = Math.sqrt(time.reduce((sum, x) => sum + x * x, 0) / time.length);
    const dbfs = rms > 0 ? 20 * Math.log10(rms) : -120;
    analyser.getFloatFrequencyData(spectrum);
    const peak = spectrum.indexOf(Math.max(...spectrum));
    if (report.audio === null || dbfs > report.audio.rmsDbfs) {
      report.audio = { rmsDbfs: dbfs, peakHz: peak * context.sampleRate / analyser.fftSize };
    }
  }, 250);
}

async function readStats(publication) {
  const stats = await publication.track.getRTCStatsReport();
  for (const entry of stats.values()) {
    if (entry.type === "outbound-rtp" && entry.kind === "video") {
      report.limitedBy = entry.qualityLimitationReason;
      report.sentFps = entry.framesPerSecond ?? null;
      report.sentWidth = entry.frameWidth ?? null;
    }
  }
}

async function main() {
  const config = await (await fetch("/config" + location.search)).json();
  const { Room, RoomEvent, Track, LocalVideoTrack, createLocalTracks } = LivekitClient;
  const room = new Room({
    adaptiveStream: false,
    dynacast: true,
    publishDefaults: {
      simulcast: false, videoCodec: config.codec, dtx: true, red: true,
      videoEncoding: { maxBitrate: 1_700_000, maxFramerate: config.fps },
    },
  });
  const joinedAt = { connect: 0 };
  const remote = document.getElementById("remote");
  const picture = watchPicture(remote, joinedAt, config);
  room.on(RoomEvent.TrackPublished, (publication) => {
    if (publication.kind === Track.Kind.Video) picture.published(epochMs());
  });
  room.on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
    report.remoteIdentity = participant.identity;
    if (track.kind === Track.Kind.Video) {
      track.attach(remote);
    } else {
      track.attach();
      watchSound(track.mediaStreamTrack);
    }
  });
  const tracks = await createLocalTracks({
    video: { resolution: { width: 1280, height: 720, frameRate: config.fps } },
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
  joinedAt.connect = epochMs();
  await room.connect(config.url, config.token);
  report.connectMs = epochMs() - joinedAt.connect;
  let camera = null;
  for (const track of tracks) {
    if (track.kind === Track.Kind.Video) {
      track.attach(document.getElementById("self"));
      const sent = config.timeCode
        ? new LocalVideoTrack(codedTrack(track.mediaStreamTrack), undefined, true)
        : track;
      camera = await room.localParticipant.publishTrack(sent, { source: Track.Source.Camera });
    } else {
      await room.localParticipant.publishTrack(track, { source: Track.Source.Microphone });
    }
  }
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    await readStats(camera);
    if (await post()) break;
  }
  await room.disconnect();
  await post();
}

main().catch(async (error) => {
  report.error = String(error);
  await post();
});
