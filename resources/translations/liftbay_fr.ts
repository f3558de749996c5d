<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>BillView</name>
    <message>
        <source>Paid by the customer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Extra {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This takes a moment. You need not wait.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delayed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We look into it. Nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paid out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No payout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session was too short to be paid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The customer was refunded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Payout failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Support was told. Nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CallControls</name>
    <message>
        <source>Choose microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat (C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side panel (P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture full (F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End session (Ctrl+E)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mute (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unmute (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone failed (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera off (V)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera on (V)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera failed (V)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat (C), {count} unread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None found</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CallView</name>
    <message>
        <source>Picture of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave without joining</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the session?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It ends for {name} too, and cannot be continued.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep talking</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CallWords</name>
    <message>
        <source>{name}’s connection dropped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send a message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has come from {name} for {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours is fine. It will come back by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection dropped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We are bringing you back. The session goes on for up to 10 minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your network is weak.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move closer to the Wi-Fi router, or plug in a cable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You ended the session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are offline, so it ends as soon as you are back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session could not be ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call goes on. Press End again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours is fine. Waiting for {name} to come back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours is fine. Waiting for {name} to come back; the clock stops in {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours is fine. Waiting for {name} to come back; the clock is stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both participants joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} seconds left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the call with {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock starts when you are both here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture at the moment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last picture, {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It will come back by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mechanic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>customer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poor</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChatView</name>
    <message>
        <source>Write here what is hard to say, like a part number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the message (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CheckList</name>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{passed} of {all} checks passed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the single checks</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClockPill</name>
    <message>
        <source>starts when both are here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DashboardView</name>
    <message>
        <source>You are offline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you see may be old. It updates by itself once you are back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No requests right now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New ones appear here by themselves, with a notice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are away. Switch to available to be offered requests.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Available</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are available. Press to go away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are away. Press to become available.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another mechanic was faster. Nothing was charged to you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This request is no longer open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted. Join {name} when you are ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} takes your session. Join when you are ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new request came in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading your sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No session is waiting or live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept a request, and the session appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a new consultation, and it appears here with everything to do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upcoming</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lately</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Active sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New consultation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something wrong with your car?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Describe it, show it live to a mechanic, and get a clear answer. You pay only for a session that took place.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DevicePanel</name>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play beeps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No loudspeaker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the beeps and count them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listen and count.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right. The other side will be heard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not quite. Play the beeps once more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another loudspeaker and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sound could be played. Choose another loudspeaker.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} (not a real device)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EarningsView</name>
    <message>
        <source>Earnings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading your earnings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paid out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing earned yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your share of every paid session appears here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EntranceView</name>
    <message>
        <source>Looking the session up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the dashboard</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindingEditor</name>
    <message>
        <source>Finding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alternator belt worn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cost from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep finding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the finding a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use digits only.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GroupCard</name>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again: {group}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another microphone</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading your sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by name, car or concern</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try a shorter word, or clear the search.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sessions yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sessions that are over are kept here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IntakeView</name>
    <message>
        <source>Now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No hurry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A VIN has 17 characters. You can go on without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A VIN has 17 characters. You can go on all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A VIN has no I, O or Q and no signs. Look again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This may be mistyped. You can go on all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A thorough look, with findings and cost ranges</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One question, shown live</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your car</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No plan chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step left: pay in your browser.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mechanics see your request as soon as it is paid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the payment page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{advice} Nothing is charged twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A few things are missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are marked in the form.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pay and send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pay {price} and send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New consultation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1. Your vehicle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Year</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VIN, if at hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Odometer in km, if known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plate, if you like</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2. What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Describe it as you would to a friend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It squeals for a minute after a cold start, then stops.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How urgent is it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How urgent is it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3. Plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the plans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To pay now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4. Confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If no mechanic takes it within 15 minutes, or the session does not take place, you get everything back by itself.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Microphone level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sound yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We hear you: {level}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too quiet: {level}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say something: {level}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NotesView</name>
    <message>
        <source>Finding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a finding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes for the report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved by itself; the customer sees it after the session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved yet: you are offline. We keep trying.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved. Change something to try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change: {finding}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove: {finding}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PastRowView</name>
    <message>
        <source>Open the summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the summary of {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paid out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Payout failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No payout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refund on its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No mechanic free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Phrases</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n s ago</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PreflightView</name>
    <message>
        <source>Checking this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Getting ready for your session with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your mechanic is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your customer is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your mechanic is waiting for you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your customer is waiting for you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your mechanic is getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your customer is getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your mechanic is not here yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your customer is not here yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something needs fixing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking your set-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do stands beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} × {height} · {fps} fps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay did not accept these results. Send them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can join the session now. Press Ctrl+Enter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking, a few seconds more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fix issues to continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending the results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Enter joins</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the dashboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your camera, mirrored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the checks are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code of the report, for support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Join session</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RequestCardView</name>
    <message>
        <source>{amount} for you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Less</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of {car}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Booked for {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat on the web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VIN {vin}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plate {plate}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{km} km</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing more is known about the car.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SelfView</name>
    <message>
        <source>Your own picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrow keys move it to another corner.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SessionCard</name>
    <message>
        <source>Looking for a mechanic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return to call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Join session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat on the web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live · {left} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reconnecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Payment due</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent to mechanics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Booked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asked {ago}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accepted {ago}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShellWindow</name>
    <message>
        <source>Sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earnings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Close the panel (P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat ({count})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vehicle</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>I am a customer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I am a mechanic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your sign-in has expired.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again to go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you@example.com</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run diagnostics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trouble with camera, sound or network?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A mechanic beside you, on screen.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignUpView</name>
    <message>
        <source>Use at least 8 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creating your account…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check your mail.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the link we sent you, then sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you@example.com</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At least 8 characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I have an account: sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You see a mechanic within minutes.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Stars</name>
    <message numerus="yes">
        <source>%n star(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SummaryView</name>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session complete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No mechanic was free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{how} at {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thank you. Your rating was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send rating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report could not be written there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving the report…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was written down in this session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What we found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes of the mechanic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Snapshots and files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How was it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save report (PDF)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VehicleView</name>
    <message>
        <source>Concern</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Odometer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{km} km</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Bubble</name>
    <message>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_EarningRow</name>
    <message>
        <source>Paid out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Payout failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A camera is connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No camera was found: plug one in or switch on the camera key of your laptop.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera may be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera access is switched off for this app: allow it in the system settings, and come back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is being used by {program}: close it, we try again by ourselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is being used by another program: close it, we try again by ourselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera starts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera did not start: unplug it, wait 5 seconds, plug it in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera sends a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is on but sends no picture: unplug it or choose another camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture moves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture stands still: choose another camera or unplug this one for a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is visible</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is black: open the lens cover, press the camera key, or switch on a light.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is fast enough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera is too slow: add light, or plug it directly into the computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera stays connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera was unplugged: plug it in again or choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A microphone is connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No microphone was found: plug in a headset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone may be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone access is switched off for this app: allow it in the system settings, and come back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone is free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone is being used by {program}: close it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone is being used by another program: close it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone starts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone did not start: unplug it, wait 5 seconds, plug it in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone sends sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone is on but sends nothing: unplug it or choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone hears something</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We receive only silence: check the mute switch on your headset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone stays connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The microphone was unplugged: plug it in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay can be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We cannot reach Liftbay: check that you are on the internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay is well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay is being repaired: we keep trying, you need not change anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers come quickly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection is slow right now: move closer to the router or use a cable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call server answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call server does not answer: a firewall may block it, try another network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A call can be set up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calls are blocked in this network: use a phone hotspot or ask your IT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network stays the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your network changed: checking again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listening: say a few words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timing the way to Liftbay and to the call server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear, moving picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>We can hear you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call server can be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good enough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fix this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer takes {rtt} ms (limit 300 ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>answer takes {rtt} ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{fps} pictures a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only {fps} pictures a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured: “{check}” comes first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No result in time</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>phrases</name>
    <message>
        <source>{low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Diagnostic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{plan}, {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No hurry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mechanic is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>customer is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mechanic is getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>customer is getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mechanic is in the call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>customer is in the call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill this in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not an e-mail address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a little more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use digits only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check this number.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>questions</name>
    <message>
        <source>Give this session back?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The customer is told and gets everything back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel this session?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You get back everything you paid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel session</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message>
        <source>Something went wrong on our side.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was recorded. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to the dashboard and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check your internet connection, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay did not answer in time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection may be slow. Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection broke off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay is not available right now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection is fine. Try again in a minute.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer made no sense.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A sign-in page of your Wi-Fi may be in the way: open a browser and look.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail or password is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check both, and whether you sign in as customer or mechanic.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your sign-in has expired.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again to go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This sign-in cannot be used here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out, then sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This account may not do that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in with the account that has the right role.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is an account with this e-mail already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This password is too easy to guess.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a longer one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your e-mail is not confirmed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the link in the mail we sent you, then sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This request does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another one from the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another mechanic was faster.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This request is no longer open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one from your dashboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a chat session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it on the Liftbay website.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session belongs to somebody else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in with the account it was booked with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its summary is on your dashboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session has moved on meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session starts when both of you are in the room.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait for the other side; no paid time passes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session is still running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is possible once it has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session cannot be joined yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Join it when a mechanic has accepted it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The check of your set-up is missing or too old.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run it again, then join.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A test picture or test tone cannot be used in a session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a real camera and a real microphone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This check is not known any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This check was handed in already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This check is too old.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The check of your set-up is not complete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run it again and let it finish.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This plan is not offered any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another plan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something in the form was not accepted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check what you entered and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same thing was sent twice with different content.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is being done already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The notes were changed elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the newer version and enter your change again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The notes could not be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change them once more to save them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That was too often.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait a minute, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The service does not know this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update Liftbay to the newest version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The service does not do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is too large to send.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send something smaller.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This kind of file cannot be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture, a video or a PDF.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Liftbay is not ready right now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call server does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The service refused this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update Liftbay; if it stays, tell support the code below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You left the call.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session goes on. Return to it from your dashboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its summary is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window was closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open your dashboard to see how the session stands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You joined from another window or machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call goes on there. Return here from your dashboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You were taken out of the room.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at your dashboard; the session may have ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The room was closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your connection stayed away too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check your network, then return from your dashboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again in a minute. No paid time passes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture and sound found no way through your network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A firewall or VPN may block them. Try another network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call server did not let you in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to the dashboard and join again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check your internet connection, then join again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You cannot join this session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at your dashboard for how it stands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again, then return to the call.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended by the customer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended by the mechanic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended by closing the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended when the time was up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended because one side stayed away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled before the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not started in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no mechanic was free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended by you</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
