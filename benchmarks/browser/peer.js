// One participant in a browser: the same picture, codec, bitrate, layers and sound processing as
// the Liftbay client, so that both can be measured on the same call. The page does nothing but
// join, publish, show and report; its figures go to the runner once a second as running totals.
"use strict";

const report = {
  connectMs: null, connectToFirstFrameMs: null, firstHdMs: null, framesShown: 0,
  width: 0, height: 0, picture: null, captured: [], readingMs: 0, audio: null, limitedBy: null,
  sentFps: null, sentWidth: null, error: null, remoteIdentity: null, sharing: false,
};

// The SFU sends some 8x8 black frames when a track ends; they are no picture.
const SMALLEST_PX = 16;
// As in Liftbay: of more than 25 pictures a second the self view shows every second one.
const SELF_FPS_BEYOND = 25;
const HEARD_ABOVE_DBFS = -45;
const LISTEN_ON_MS = 3000;
const LOOK_FOR_MS = 1000;
const LOOK_EVERY_MS = 3000;

function epochMs(atMs) { return performance.timeOrigin + (atMs ?? performance.now()); }

async function post() {
  const body = JSON.stringify({ ...report, atMs: epochMs() });
  report.captured = [];
  return (await fetch("/report" + location.search, { method: "POST", body })).json();
}

// Calls take(metadata) for each picture of the element until it returns false.
function onEachPicture(video, take) {
  const onFrame = (now, metadata) => {
    if (metadata.width < SMALLEST_PX || take(metadata) !== false) {
      video.requestVideoFrameCallback(onFrame);
    }
  };
  video.requestVideoFrameCallback(onFrame);
}

// Times of the first pictures. No callbacks after them: each makes the page render a frame of its
// own, which no page needs to show a video.
function watchJoin(video, joinedAt) {
  let publishedAt = 0;
  onEachPicture(video, (metadata) => {
    const shownAt = epochMs(metadata.presentationTime);
    if (report.connectToFirstFrameMs === null) {
      report.connectToFirstFrameMs = shownAt - Math.max(joinedAt.connect, publishedAt);
    }
    if (metadata.width >= 1280) report.firstHdMs = shownAt;
    return report.firstHdMs === null;
  });
  return { published(at) { publishedAt = at; } };
}

// Where on the screen the other side's picture is: left, top, width and height in pixels.
function placeOnScreen(video) {
  const box = video.getBoundingClientRect();
  const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
  // A browser's own bars are above its page.
  const top = window.screenY + window.outerHeight - window.innerHeight + box.top;
  return [
    window.screenX + box.left + (box.width - width) / 2, top + (box.height - height) / 2,
    width, height,
  ].map(Math.round);
}

// Pictures that came as far as the compositor; those replaced before count as dropped.
function countPictures(video) {
  const quality = video.getVideoPlaybackQuality();
  report.framesShown = quality.totalVideoFrames - quality.droppedVideoFrames;
  if (video.videoWidth >= SMALLEST_PX) {
    report.width = video.videoWidth;
    report.height = video.videoHeight;
    report.picture = placeOnScreen(video);
  }
}

// When the own pictures were captured, by their numbers; benchmarks/glass_to_glass.py puts them
// beside what was seen on the other side's screen. The page looks one second in three, and then at
// every picture: looking all the time would cost the browsers pictures that the call without it has.
function watchNumbers(track, own) {
  const reader = PictureNumber.reader();
  const fail = (error) => { report.error = String(error); };
  const capture = captureTimes(own, fail);
  eachLook(() => readCaptured(track, capture, reader).catch(fail));
  return () => { report.readingMs = reader.spentMs; };
}

function isLooking(atMs) {
  return atMs % LOOK_EVERY_MS < LOOK_FOR_MS;
}

function eachLook(look) {
  look();
  setTimeout(() => {
    eachLook(look);
  }, LOOK_EVERY_MS - (epochMs() % LOOK_EVERY_MS) + 1);
}

// The self view shows too few pictures to note their times, so those come from the track, where a
// timestamp is the capture time on a scale of the browser's own. One picture that the view's
// callback tells the captureTime of, found again by its number, gives the difference of the scales.
function captureTimes(own, fail) {
  const times = { known: null, sinceMs: null };
  // Of its own: a reader has one buffer, and two would read at the same time.
  const reader = PictureNumber.reader();
  onEachPicture(own, (metadata) => {
    const frame = pictureOf(own, metadata);
    if (frame === null) return times.sinceMs === null;
    if (metadata.captureTime === undefined) report.error = "no captureTime in this browser";
    reader.of(frame).then((number) => {
      // Until one of them is met on the track: the track is not looked at all the time.
      if (number !== null && times.sinceMs === null) {
        times.known = { number, captureTime: metadata.captureTime };
      }
    }).catch(fail);
    return times.sinceMs === null;
  });
  return times;
}

async function readCaptured(track, times, reader) {
  const timestamps = new Map();
  const copy = track.clone();
  const frames = new MediaStreamTrackProcessor({ track: copy }).readable.getReader();
  try {
    while (isLooking(epochMs())) {
      const { value: frame, done } = await frames.read();
      if (done) return;
      const atMs = frame.timestamp / 1000;
      const number = await reader.of(frame);
      if (number === null) continue;
      timestamps.set(number, atMs);
      if (times.sinceMs === null && timestamps.has(times.known?.number)) {
        times.sinceMs = times.known.captureTime - timestamps.get(times.known.number);
      }
      if (times.sinceMs !== null) report.captured.push([number, epochMs(atMs + times.sinceMs)]);
    }
  } finally {
    await frames.cancel();
    copy.stop();
  }
}

// The element's picture, or null: none yet, although it calls back, or another one than the
// callback told of has come since.
function pictureOf(video, metadata) {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const frame = new VideoFrame(video);
  if (Math.abs(frame.timestamp - metadata.mediaTime * 1e6) <= 1) return frame;
  frame.close();
  return null;
}

// Listens until the other side was heard and a little longer; an open AudioContext costs some
// percent of a core, which no page would pay to play a call's sound.
function watchSound(track) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const time = new Float32Array(analyser.fftSize);
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  let heardAt = null;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(time);
    const rms = Math.sqrt(time.reduce((sum, x) => sum + x * x, 0) / time.length);
    const dbfs = rms > 0 ? 20 * Math.log10(rms) : -120;
    analyser.getFloatFrequencyData(spectrum);
    const peak = spectrum.indexOf(Math.max(...spectrum));
    if (report.audio === null || dbfs > report.audio.rmsDbfs) {
      report.audio = { rmsDbfs: dbfs, peakHz: peak * context.sampleRate / analyser.fftSize };
    }
    if (heardAt === null && dbfs > HEARD_ABOVE_DBFS) heardAt = performance.now();
    if (heardAt !== null && performance.now() - heardAt > LISTEN_ON_MS) {
      clearInterval(timer);
      context.close();
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

async function showOwn(track, video, fps) {
  const own = track.clone();
  if (fps > SELF_FPS_BEYOND) await own.applyConstraints({ frameRate: { max: fps / 2 } });
  video.srcObject = new MediaStream([own]);
}

async function main() {
  const config = await (await fetch("/config" + location.search)).json();
  const { Room, RoomEvent, Track, createLocalTracks } = LivekitClient;
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
  const own = document.getElementById("self");
  const join = watchJoin(remote, joinedAt);
  room.on(RoomEvent.TrackPublished, (publication) => {
    if (publication.kind === Track.Kind.Video) join.published(epochMs());
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
  const source = tracks.find((track) => track.kind === Track.Kind.Video);
  const readingSoFar = config.readsNumbers
    ? watchNumbers(source.mediaStreamTrack, own) : () => {};
  await showOwn(source.mediaStreamTrack, own, config.fps);
  joinedAt.connect = epochMs();
  await room.connect(config.url, config.token);
  report.connectMs = epochMs() - joinedAt.connect;
  const published = await Promise.all(tracks.map((track) => room.localParticipant.publishTrack(
    track, { source: track === source ? Track.Source.Camera : Track.Source.Microphone },
  )));
  const camera = published[tracks.indexOf(source)];
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    await readStats(camera);
    countPictures(remote);
    readingSoFar();
    const wish = await post();
    if (wish.finish) break;
    if (wish.shareScreen !== report.sharing) {
      await room.localParticipant.setScreenShareEnabled(wish.shareScreen);
      report.sharing = wish.shareScreen;
    }
  }
  await room.disconnect();
  await post();
}

main().catch(async (error) => {
  report.error = String(error);
  await post();
});
