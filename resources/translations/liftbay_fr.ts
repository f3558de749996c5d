<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>BillView</name>
    <message>
        <source>Paid by the customer</source>
        <translation>Payé par le client</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Payé</translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation>Remboursé</translation>
    </message>
    <message>
        <source>You paid</source>
        <translation>Vous avez payé</translation>
    </message>
    <message>
        <source>Your share</source>
        <translation>Votre part</translation>
    </message>
    <message>
        <source>Extra {minutes} min</source>
        <translation>{minutes} min de plus</translation>
    </message>
    <message>
        <source>Settling</source>
        <translation>Décompte en cours</translation>
    </message>
    <message>
        <source>This takes a moment. You need not wait.</source>
        <translation>Cela prend un instant. Inutile d’attendre.</translation>
    </message>
    <message>
        <source>Refund delayed</source>
        <translation>Remboursement retardé</translation>
    </message>
    <message>
        <source>Nothing to pay</source>
        <translation>Rien à payer</translation>
    </message>
    <message>
        <source>Refund on its way</source>
        <translation>Remboursement en route</translation>
    </message>
    <message>
        <source>Partly refunded</source>
        <translation>Remboursé en partie</translation>
    </message>
    <message>
        <source>Your payout account is missing: tell support. Nothing is lost.</source>
        <translation>Votre compte de versement manque&#xa0;: dites-le à l’assistance. Rien n’est perdu.</translation>
    </message>
    <message>
        <source>Delayed</source>
        <translation>En retard</translation>
    </message>
    <message>
        <source>It did not go through. We try again by ourselves; nothing is lost.</source>
        <translation>L’opération n’a pas abouti. Nous réessayons de nous-mêmes&#xa0;; rien n’est perdu.</translation>
    </message>
    <message>
        <source>Paid out</source>
        <translation>Versé</translation>
    </message>
    <message>
        <source>No payout</source>
        <translation>Pas de versement</translation>
    </message>
    <message>
        <source>The session did not take place.</source>
        <translation>La séance n’a pas eu lieu.</translation>
    </message>
    <message>
        <source>The session was too short to be paid.</source>
        <translation>La séance était trop courte pour être payée.</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Repris</translation>
    </message>
    <message>
        <source>The customer was refunded.</source>
        <translation>Le client a été remboursé.</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>En route</translation>
    </message>
</context>
<context>
    <name>CallControls</name>
    <message>
        <source>Choose microphone</source>
        <translation>Choisir le micro</translation>
    </message>
    <message>
        <source>Choose camera</source>
        <translation>Choisir la caméra</translation>
    </message>
    <message>
        <source>Chat (C)</source>
        <translation>Discussion (C)</translation>
    </message>
    <message>
        <source>Side panel (P)</source>
        <translation>Panneau latéral (P)</translation>
    </message>
    <message>
        <source>Picture full (F)</source>
        <translation>Image entière (F)</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Terminer</translation>
    </message>
    <message>
        <source>End session (Ctrl+E)</source>
        <translation>Terminer la séance (Ctrl+E)</translation>
    </message>
    <message>
        <source>Mute (M)</source>
        <translation>Couper le micro (M)</translation>
    </message>
    <message>
        <source>Unmute (M)</source>
        <translation>Rouvrir le micro (M)</translation>
    </message>
    <message>
        <source>Microphone failed (M)</source>
        <translation>Panne du micro (M)</translation>
    </message>
    <message>
        <source>Camera off (V)</source>
        <translation>Éteindre la caméra (V)</translation>
    </message>
    <message>
        <source>Camera on (V)</source>
        <translation>Allumer la caméra (V)</translation>
    </message>
    <message>
        <source>Camera failed (V)</source>
        <translation>Panne de la caméra (V)</translation>
    </message>
    <message>
        <source>Chat (C), {count} unread</source>
        <translation>Discussion (C), {count} non lus</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micro</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Haut-parleur</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>None found</source>
        <translation>Aucun trouvé</translation>
    </message>
</context>
<context>
    <name>CallEndedView</name>
    <message>
        <source>Join again</source>
        <translation>Entrer de nouveau</translation>
    </message>
    <message>
        <source>Back to the dashboard</source>
        <translation>Retour au tableau de bord</translation>
    </message>
</context>
<context>
    <name>CallView</name>
    <message>
        <source>Shared screen of {name}</source>
        <translation>Écran partagé de {name}</translation>
    </message>
    <message>
        <source>Picture of {name}</source>
        <translation>Image de {name}</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Vous</translation>
    </message>
    <message>
        <source>{name} shares the screen</source>
        <translation>{name} partage l’écran</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Leave without joining</source>
        <translation>Partir sans entrer</translation>
    </message>
    <message>
        <source>End the session?</source>
        <translation>Terminer la séance&#x202f;?</translation>
    </message>
    <message>
        <source>End session</source>
        <translation>Terminer la séance</translation>
    </message>
    <message>
        <source>Keep talking</source>
        <translation>Continuer</translation>
    </message>
</context>
<context>
    <name>CallWords</name>
    <message>
        <source>{name}’s connection dropped.</source>
        <translation>La connexion de {name} est coupée.</translation>
    </message>
    <message>
        <source>Send a message</source>
        <translation>Envoyer un message</translation>
    </message>
    <message>
        <source>Nothing has come from {name} for {seconds} s.</source>
        <translation>Rien n’arrive de {name} depuis {seconds} s.</translation>
    </message>
    <message>
        <source>Yours is fine. It will come back by itself.</source>
        <translation>La vôtre va bien. Cela reviendra tout seul.</translation>
    </message>
    <message>
        <source>Your connection dropped.</source>
        <translation>Votre connexion est coupée.</translation>
    </message>
    <message>
        <source>Your network is weak.</source>
        <translation>Votre réseau est faible.</translation>
    </message>
    <message>
        <source>Move closer to the Wi-Fi router, or plug in a cable.</source>
        <translation>Rapprochez-vous du routeur Wi-Fi ou branchez un câble.</translation>
    </message>
    <message>
        <source>You ended the session.</source>
        <translation>Vous avez terminé la séance.</translation>
    </message>
    <message>
        <source>You are offline, so it ends as soon as you are back.</source>
        <translation>Vous êtes hors ligne&#xa0;: elle se terminera dès votre retour.</translation>
    </message>
    <message>
        <source>Undo end</source>
        <translation>Annuler la fin</translation>
    </message>
    <message>
        <source>The session could not be ended.</source>
        <translation>La séance n’a pas pu être terminée.</translation>
    </message>
    <message>
        <source>The call goes on. Press End again in a moment.</source>
        <translation>L’appel continue. Appuyez de nouveau sur Terminer dans un instant.</translation>
    </message>
    <message>
        <source>{device} could not be used.</source>
        <translation>{device} n’a pas pu être utilisé.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>{name} cannot hear you.</source>
        <translation>{name} ne vous entend pas.</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>Choisir un micro</translation>
    </message>
    <message>
        <source>{name} cannot see you.</source>
        <translation>{name} ne vous voit pas.</translation>
    </message>
    <message>
        <source>Choose a camera</source>
        <translation>Choisir une caméra</translation>
    </message>
    <message>
        <source>You cannot hear {name}.</source>
        <translation>Vous n’entendez pas {name}.</translation>
    </message>
    <message>
        <source>Choose a loudspeaker</source>
        <translation>Choisir un haut-parleur</translation>
    </message>
    <message>
        <source>{device} gives no sound. Check its cable, or choose another one.</source>
        <translation>{device} ne donne aucun son. Vérifiez son câble, ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Your microphone</source>
        <translation>Votre micro</translation>
    </message>
    <message>
        <source>{device} gives no picture. Check its cable, or choose another one.</source>
        <translation>{device} ne donne aucune image. Vérifiez son câble, ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Your camera</source>
        <translation>Votre caméra</translation>
    </message>
    <message>
        <source>{device} plays nothing. Check its cable, or choose another one.</source>
        <translation>{device} ne joue rien. Vérifiez son câble, ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Your loudspeaker</source>
        <translation>Votre haut-parleur</translation>
    </message>
    <message>
        <source>Your camera works, but its picture is not being sent. Choose it again to try once more.</source>
        <translation>Votre caméra marche, mais l’image n’est pas envoyée. Choisissez-la de nouveau pour réessayer.</translation>
    </message>
    <message>
        <source>Your microphone works, but its sound is not being sent. Choose it again to try once more.</source>
        <translation>Votre micro marche, mais le son n’est pas envoyé. Choisissez-le de nouveau pour réessayer.</translation>
    </message>
    <message>
        <source>Close the program that is using it, then choose it again.</source>
        <translation>Fermez le programme qui l’utilise, puis choisissez-le de nouveau.</translation>
    </message>
    <message>
        <source>Allow it in the system’s settings, then choose it again.</source>
        <translation>Autorisez-le dans les réglages du système, puis choisissez-le de nouveau.</translation>
    </message>
    <message>
        <source>Plug it in, then choose it again.</source>
        <translation>Branchez-le, puis choisissez-le de nouveau.</translation>
    </message>
    <message>
        <source>Plug it in anew and choose it again, or choose another one.</source>
        <translation>Rebranchez-le et choisissez-le de nouveau, ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>We are bringing you back. No paid time passes.</source>
        <translation>Nous vous ramenons. Aucun temps payé ne passe.</translation>
    </message>
    <message>
        <source>We are bringing you back. Paid time stops {seconds} s after the drop; the session waits for {minutes} minutes in all.</source>
        <translation>Nous vous ramenons. Le temps payé s’arrête {seconds} s après la coupure&#xa0;; la séance attend {minutes} minutes en tout.</translation>
    </message>
    <message>
        <source>We are bringing you back. Paid time is stopped; the session waits for {minutes} minutes in all.</source>
        <translation>Nous vous ramenons. Le temps payé est arrêté&#xa0;; la séance attend {minutes} minutes en tout.</translation>
    </message>
    <message>
        <source>It ends for {name} too, and cannot be continued.</source>
        <translation>Elle se termine aussi pour {name} et ne peut pas reprendre.</translation>
    </message>
    <message>
        <source>You get everything back.</source>
        <translation>Vous êtes remboursé en entier.</translation>
    </message>
    <message>
        <source>{name} gets everything back, and you are not paid.</source>
        <translation>{name} est remboursé en entier, et vous n’êtes pas payé.</translation>
    </message>
    <message>
        <source>In the first {seconds} seconds you get everything back; after them the unused time is not refunded.</source>
        <translation>Pendant les {seconds} premières secondes, vous êtes remboursé en entier&#xa0;; après, le temps non utilisé n’est pas remboursé.</translation>
    </message>
    <message>
        <source>In the first {seconds} seconds {name} gets everything back, and you are not paid.</source>
        <translation>Pendant les {seconds} premières secondes, {name} est remboursé en entier et vous n’êtes pas payé.</translation>
    </message>
    <message>
        <source>The unused time is not refunded: {time}.</source>
        <translation>Le temps non utilisé n’est pas remboursé&#xa0;: {time}.</translation>
    </message>
    <message>
        <source>{name} does not get the unused time refunded: {time}.</source>
        <translation>Le temps non utilisé n’est pas remboursé à {name}&#xa0;: {time}.</translation>
    </message>
    <message>
        <source>Yours is fine. Waiting for {name} to come back.</source>
        <translation>La vôtre va bien. Nous attendons le retour de {name}.</translation>
    </message>
    <message>
        <source>Yours is fine. Waiting for {name} to come back; the clock stops in {seconds} s.</source>
        <translation>La vôtre va bien. Nous attendons le retour de {name}&#x202f;; le compteur s’arrête dans {seconds} s.</translation>
    </message>
    <message>
        <source>Yours is fine. Waiting for {name} to come back; the clock is stopped.</source>
        <translation>La vôtre va bien. Nous attendons le retour de {name}&#x202f;; le compteur est arrêté.</translation>
    </message>
    <message>
        <source>Both participants joined</source>
        <translation>Les deux participants sont là</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>Reste {time}</translation>
    </message>
    <message>
        <source>{seconds} seconds left</source>
        <translation>Reste {seconds} secondes</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>Opening the call with {name}.</source>
        <translation>Ouverture de l’appel avec {name}.</translation>
    </message>
    <message>
        <source>Waiting for {name}</source>
        <translation>En attente de {name}</translation>
    </message>
    <message>
        <source>The clock starts when you are both here.</source>
        <translation>Le compteur démarre quand vous êtes là tous les deux.</translation>
    </message>
    <message>
        <source>No picture at the moment</source>
        <translation>Pas d’image pour le moment</translation>
    </message>
    <message>
        <source>Last picture, {time}</source>
        <translation>Dernière image, {time}</translation>
    </message>
    <message>
        <source>It will come back by itself.</source>
        <translation>Elle reviendra toute seule.</translation>
    </message>
    <message>
        <source>mechanic</source>
        <translation>mécanicien</translation>
    </message>
    <message>
        <source>customer</source>
        <translation>client</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Bonne</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>Moyenne</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>Mauvaise</translation>
    </message>
</context>
<context>
    <name>ChatView</name>
    <message>
        <source>Write here what is hard to say, like a part number.</source>
        <translation>Écrivez ici ce qui se dit mal, comme un numéro de pièce.</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>Send the message (Enter)</source>
        <translation>Envoyer le message (Entrée)</translation>
    </message>
</context>
<context>
    <name>CheckList</name>
    <message>
        <source>Show all</source>
        <translation>Tout montrer</translation>
    </message>
    <message>
        <source>Show all checks</source>
        <translation>Montrer tous les contrôles</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) passed</source>
        <translation>
            <numerusform>%n contrôle réussi</numerusform>
            <numerusform>%n contrôles réussis</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>Hide the single checks</source>
        <translation>Masquer les contrôles</translation>
    </message>
</context>
<context>
    <name>ClockPill</name>
    <message>
        <source>starts when both are here</source>
        <translation>démarre quand les deux sont là</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>arrêté</translation>
    </message>
    <message>
        <source>left</source>
        <translation>restant</translation>
    </message>
</context>
<context>
    <name>CompareCard</name>
    <message>
        <source>Beside this machine’s earlier runs</source>
        <translation>À côté des contrôles précédents de cet ordinateur</translation>
    </message>
    <message>
        <source>This machine sent no other report in 30 days.</source>
        <translation>Cet ordinateur n’a envoyé aucun autre rapport en 30 jours.</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>Usual (median)</source>
        <translation>D’habitude (médiane)</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
</context>
<context>
    <name>DashboardView</name>
    <message>
        <source>You are offline.</source>
        <translation>Vous êtes hors ligne.</translation>
    </message>
    <message>
        <source>What you see may be old. It updates by itself once you are back.</source>
        <translation>Ce que vous voyez peut dater. Tout se met à jour dès votre retour.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>No requests right now</source>
        <translation>Aucune demande pour le moment</translation>
    </message>
    <message>
        <source>New ones appear here by themselves, with a notice.</source>
        <translation>Les nouvelles apparaissent ici d’elles-mêmes, avec un avis.</translation>
    </message>
    <message>
        <source>You are away. Switch to available to be offered requests.</source>
        <translation>Vous êtes absent. Passez à disponible pour recevoir des demandes.</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Disponible</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>Absent</translation>
    </message>
    <message>
        <source>You are available. Press to go away.</source>
        <translation>Vous êtes disponible. Appuyez pour vous absenter.</translation>
    </message>
    <message>
        <source>You are away. Press to become available.</source>
        <translation>Vous êtes absent. Appuyez pour être disponible.</translation>
    </message>
    <message>
        <source>Another mechanic was faster. Nothing was charged to you.</source>
        <translation>Un autre mécanicien a été plus rapide. Rien ne vous est compté.</translation>
    </message>
    <message>
        <source>This request is no longer open.</source>
        <translation>Cette demande n’est plus ouverte.</translation>
    </message>
    <message>
        <source>Accepted. Join {name} when you are ready.</source>
        <translation>Acceptée. Rejoignez {name} quand vous êtes prêt.</translation>
    </message>
    <message>
        <source>{name} takes your session. Join when you are ready.</source>
        <translation>{name} prend votre séance. Entrez quand vous êtes prêt.</translation>
    </message>
    <message>
        <source>{name} is ready. Join when you are.</source>
        <translation>{name} est prêt. Entrez quand vous l’êtes.</translation>
    </message>
    <message>
        <source>A new request came in.</source>
        <translation>Une nouvelle demande est arrivée.</translation>
    </message>
    <message>
        <source>Your settings name no usable service: the one on this computer is used.</source>
        <translation>Vos réglages n’indiquent aucun service utilisable&#xa0;: celui de cet ordinateur est utilisé.</translation>
    </message>
    <message>
        <source>Your settings name no usable camera: the first one found is used.</source>
        <translation>Vos réglages ne désignent aucune caméra utilisable&#xa0;: la première trouvée est utilisée.</translation>
    </message>
    <message>
        <source>Your settings name no usable microphone: the first one found is used.</source>
        <translation>Vos réglages ne désignent aucun micro utilisable&#xa0;: le premier trouvé est utilisé.</translation>
    </message>
    <message>
        <source>Your settings name no usable loudspeaker: the first one found is used.</source>
        <translation>Vos réglages ne désignent aucun haut-parleur utilisable&#xa0;: le premier trouvé est utilisé.</translation>
    </message>
    <message>
        <source>Your settings name no known look: the system&apos;s is used.</source>
        <translation>Vos réglages ne désignent aucune apparence connue&#xa0;: celle du système est utilisée.</translation>
    </message>
    <message>
        <source>Your settings name no known language: the system&apos;s is used.</source>
        <translation>Vos réglages n’indiquent aucune langue connue&#xa0;: celle du système est utilisée.</translation>
    </message>
    <message>
        <source>Loading your sessions</source>
        <translation>Chargement de vos séances</translation>
    </message>
    <message>
        <source>No session is waiting or live</source>
        <translation>Aucune séance en attente ou en cours</translation>
    </message>
    <message>
        <source>Accept a request, and the session appears here.</source>
        <translation>Acceptez une demande, et la séance apparaît ici.</translation>
    </message>
    <message>
        <source>Start a new consultation, and it appears here with everything to do.</source>
        <translation>Commencez une consultation, elle apparaît ici avec tout ce qu’il faut faire.</translation>
    </message>
    <message>
        <source>Upcoming</source>
        <translation>À venir</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Récemment</translation>
    </message>
    <message>
        <source>Show all sessions</source>
        <translation>Montrer toutes les séances</translation>
    </message>
    <message>
        <source>Active sessions</source>
        <translation>Séances actives</translation>
    </message>
    <message>
        <source>New requests</source>
        <translation>Nouvelles demandes</translation>
    </message>
    <message>
        <source>New consultation</source>
        <translation>Nouvelle consultation</translation>
    </message>
    <message>
        <source>Something wrong with your car?</source>
        <translation>Un souci avec votre voiture&#x202f;?</translation>
    </message>
    <message>
        <source>Describe it, show it live to a mechanic, and get a clear answer. You pay only for a session that took place.</source>
        <translation>Décrivez-le, montrez-le en direct à un mécanicien, recevez une réponse claire. Vous ne payez qu’une séance qui a eu lieu.</translation>
    </message>
</context>
<context>
    <name>DesktopAlerts</name>
    <message>
        <source>New request</source>
        <translation>Nouvelle demande</translation>
    </message>
    <message>
        <source>{name} takes your session</source>
        <translation>{name} prend votre séance</translation>
    </message>
    <message>
        <source>Join when you are ready.</source>
        <translation>Entrez quand vous êtes prêt.</translation>
    </message>
    <message>
        <source>{name} is ready</source>
        <translation>{name} est prêt</translation>
    </message>
</context>
<context>
    <name>DeviceChooser</name>
    <message>
        <source>{role}: {device}</source>
        <translation>{role}&#xa0;: {device}</translation>
    </message>
</context>
<context>
    <name>DevicePanel</name>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micro</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Haut-parleur</translation>
    </message>
    <message>
        <source>Play beeps</source>
        <translation>Jouer les bips</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Pas de caméra</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>Pas de micro</translation>
    </message>
    <message>
        <source>No loudspeaker</source>
        <translation>Pas de haut-parleur</translation>
    </message>
    <message>
        <source>{device} (not a real device)</source>
        <translation>{device} (pas un vrai appareil)</translation>
    </message>
</context>
<context>
    <name>EarningsView</name>
    <message>
        <source>Earnings</source>
        <translation>Revenus</translation>
    </message>
    <message>
        <source>Loading your earnings</source>
        <translation>Chargement de vos revenus</translation>
    </message>
    <message>
        <source>To be taken back</source>
        <translation>À reprendre</translation>
    </message>
    <message>
        <source>Paid out</source>
        <translation>Versé</translation>
    </message>
    <message>
        <source>To be paid out</source>
        <translation>À verser</translation>
    </message>
    <message>
        <source>Nothing earned yet</source>
        <translation>Rien gagné pour l’instant</translation>
    </message>
    <message>
        <source>Your share of every paid session appears here.</source>
        <translation>Votre part de chaque séance payée apparaît ici.</translation>
    </message>
</context>
<context>
    <name>EntranceView</name>
    <message>
        <source>Looking your session up</source>
        <translation>Recherche de votre séance</translation>
    </message>
    <message>
        <source>Looking the session up</source>
        <translation>Recherche de la séance</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>See the summary</source>
        <translation>Voir le bilan</translation>
    </message>
    <message>
        <source>Back to the dashboard</source>
        <translation>Retour au tableau de bord</translation>
    </message>
</context>
<context>
    <name>FactsCard</name>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Réseau</translation>
    </message>
    <message>
        <source>What is recommended</source>
        <translation>Ce qui est recommandé</translation>
    </message>
    <message>
        <source>Computer and program</source>
        <translation>Ordinateur et programme</translation>
    </message>
    <message>
        <source>Taken out before it was sent</source>
        <translation>Retiré avant l’envoi</translation>
    </message>
</context>
<context>
    <name>FaultsCard</name>
    <message>
        <source>What to look at</source>
        <translation>À regarder</translation>
    </message>
    <message>
        <source>No check warns or fails.</source>
        <translation>Aucun contrôle n’avertit ni n’échoue.</translation>
    </message>
</context>
<context>
    <name>FindReportView</name>
    <message>
        <source>Looking…</source>
        <translation>Recherche…</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Type the code first.</source>
        <translation>Saisissez d’abord le code.</translation>
    </message>
    <message>
        <source>All checks</source>
        <translation>Tous les contrôles</translation>
    </message>
    <message>
        <source>As you hear it: small letters, spaces and dashes do not matter, and O, I, L, S and U are read as the signs they look like.</source>
        <translation>Comme vous l’entendez&#xa0;: minuscules, espaces et tirets ne comptent pas, et O, I, L, S et U sont lus comme les signes qui leur ressemblent.</translation>
    </message>
    <message>
        <source>Report {code}: {verdict}</source>
        <translation>Rapport {code}&#xa0;: {verdict}</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Looking for the report</source>
        <translation>Recherche du rapport</translation>
    </message>
    <message>
        <source>No report yet</source>
        <translation>Pas encore de rapport</translation>
    </message>
    <message>
        <source>People see their code after they press “Send to support” in the diagnosis, or beside “Report” when their checks pass. Codes last 30 days.</source>
        <translation>On voit son code après avoir appuyé sur «&#xa0;Envoyer à l’assistance&#xa0;» dans le diagnostic, ou à côté de «&#xa0;Rapport&#xa0;» quand les contrôles réussissent. Un code dure 30 jours.</translation>
    </message>
    <message>
        <source>Find a report</source>
        <translation>Chercher un rapport</translation>
    </message>
</context>
<context>
    <name>FindingEditor</name>
    <message>
        <source>Finding</source>
        <translation>Constat</translation>
    </message>
    <message>
        <source>Alternator belt worn</source>
        <translation>Courroie d’alternateur usée</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Détail</translation>
    </message>
    <message>
        <source>How soon</source>
        <translation>Délai</translation>
    </message>
    <message>
        <source>Cost from</source>
        <translation>Coût de</translation>
    </message>
    <message>
        <source>to</source>
        <translation>à</translation>
    </message>
    <message>
        <source>Keep finding</source>
        <translation>Garder le constat</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Give the finding a name.</source>
        <translation>Donnez un nom au constat.</translation>
    </message>
    <message>
        <source>Use digits only.</source>
        <translation>Des chiffres seulement.</translation>
    </message>
</context>
<context>
    <name>GroupCard</name>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Try again: {group}</source>
        <translation>Réessayer&#xa0;: {group}</translation>
    </message>
    <message>
        <source>{button}: {group}</source>
        <translation>{button}&#xa0;: {group}</translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Loading your sessions</source>
        <translation>Chargement de vos séances</translation>
    </message>
    <message>
        <source>Search by name, car or concern</source>
        <translation>Chercher un nom, une voiture ou un souci</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>Montrer plus</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Rien trouvé</translation>
    </message>
    <message>
        <source>Try a shorter word, or clear the search.</source>
        <translation>Essayez un mot plus court, ou effacez la recherche.</translation>
    </message>
    <message>
        <source>No sessions yet</source>
        <translation>Pas encore de séance</translation>
    </message>
    <message>
        <source>Sessions that are over are kept here.</source>
        <translation>Les séances terminées sont gardées ici.</translation>
    </message>
</context>
<context>
    <name>IntakeView</name>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>Soon</source>
        <translation>Bientôt</translation>
    </message>
    <message>
        <source>No hurry</source>
        <translation>Pas pressé</translation>
    </message>
    <message>
        <source>A VIN has 17 characters. You can go on without it.</source>
        <translation>Un VIN a 17 caractères. Vous pouvez continuer sans lui.</translation>
    </message>
    <message>
        <source>A VIN has 17 characters. You can go on all the same.</source>
        <translation>Un VIN a 17 caractères. Vous pouvez continuer quand même.</translation>
    </message>
    <message>
        <source>A VIN has no I, O or Q and no signs. Look again.</source>
        <translation>Un VIN n’a ni I, ni O, ni Q, ni signes. Vérifiez.</translation>
    </message>
    <message>
        <source>This may be mistyped. You can go on all the same.</source>
        <translation>Il y a peut-être une faute de frappe. Vous pouvez continuer quand même.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>A thorough look, with findings and cost ranges</source>
        <translation>Un examen complet, avec constats et fourchettes de coût</translation>
    </message>
    <message>
        <source>One question, shown live</source>
        <translation>Une question, montrée en direct</translation>
    </message>
    <message>
        <source>Your car</source>
        <translation>Votre voiture</translation>
    </message>
    <message>
        <source>No plan chosen</source>
        <translation>Aucune formule choisie</translation>
    </message>
    <message>
        <source>One step left: pay in your browser.</source>
        <translation>Encore une étape&#xa0;: payez dans votre navigateur.</translation>
    </message>
    <message>
        <source>Mechanics see your request as soon as it is paid.</source>
        <translation>Les mécaniciens voient votre demande dès qu’elle est payée.</translation>
    </message>
    <message>
        <source>Open the payment page</source>
        <translation>Ouvrir la page de paiement</translation>
    </message>
    <message>
        <source>{advice} Nothing is charged twice.</source>
        <translation>{advice} Rien n’est débité deux fois.</translation>
    </message>
    <message>
        <source>A few things are missing.</source>
        <translation>Il manque quelques éléments.</translation>
    </message>
    <message>
        <source>They are marked in the form.</source>
        <translation>Ils sont marqués dans le formulaire.</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Envoi…</translation>
    </message>
    <message>
        <source>Pay and send</source>
        <translation>Payer et envoyer</translation>
    </message>
    <message>
        <source>Pay {price} and send</source>
        <translation>Payer {price} et envoyer</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>New consultation</source>
        <translation>Nouvelle consultation</translation>
    </message>
    <message>
        <source>1. Your vehicle</source>
        <translation>1. Votre véhicule</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>Année</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>VIN, if at hand</source>
        <translation>VIN, si vous l’avez</translation>
    </message>
    <message>
        <source>Odometer in km, if known</source>
        <translation>Kilométrage, si connu</translation>
    </message>
    <message>
        <source>Plate, if you like</source>
        <translation>Plaque, si vous voulez</translation>
    </message>
    <message>
        <source>2. What is wrong</source>
        <translation>2. Ce qui ne va pas</translation>
    </message>
    <message>
        <source>Describe it as you would to a friend</source>
        <translation>Décrivez-le comme à un ami</translation>
    </message>
    <message>
        <source>It squeals for a minute after a cold start, then stops.</source>
        <translation>Ça couine une minute après un démarrage à froid, puis ça cesse.</translation>
    </message>
    <message>
        <source>How urgent is it</source>
        <translation>Quelle est l’urgence</translation>
    </message>
    <message>
        <source>How urgent is it?</source>
        <translation>Quelle est l’urgence&#x202f;?</translation>
    </message>
    <message>
        <source>3. Plan</source>
        <translation>3. Formule</translation>
    </message>
    <message>
        <source>Loading the plans</source>
        <translation>Chargement des formules</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Formule</translation>
    </message>
    <message>
        <source>To pay now</source>
        <translation>À payer maintenant</translation>
    </message>
    <message>
        <source>4. Confirm</source>
        <translation>4. Confirmer</translation>
    </message>
    <message>
        <source>If no mechanic takes it within 15 minutes, or the session does not take place, you get everything back by itself. From {seconds} seconds on, a session costs the whole price, also when it ends early.</source>
        <translation>Si aucun mécanicien ne la prend en 15 minutes, ou si la séance n’a pas lieu, tout vous est remboursé d’office. À partir de {seconds} secondes, une séance coûte le prix entier, même si elle finit plus tôt.</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Microphone level</source>
        <translation>Niveau du micro</translation>
    </message>
    <message>
        <source>No sound yet</source>
        <translation>Pas encore de son</translation>
    </message>
    <message>
        <source>We hear you: {level}</source>
        <translation>On vous entend&#xa0;: {level}</translation>
    </message>
    <message>
        <source>Too quiet: {level}</source>
        <translation>Trop faible&#xa0;: {level}</translation>
    </message>
    <message>
        <source>Say something: {level}</source>
        <translation>Parlez&#xa0;: {level}</translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
</context>
<context>
    <name>NewcomerCard</name>
    <message>
        <source>Use it</source>
        <translation>L’utiliser</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Pas maintenant</translation>
    </message>
</context>
<context>
    <name>NotesView</name>
    <message>
        <source>Finding</source>
        <translation>Constat</translation>
    </message>
    <message>
        <source>Add a finding</source>
        <translation>Ajouter un constat</translation>
    </message>
    <message>
        <source>Notes for the report</source>
        <translation>Notes pour le rapport</translation>
    </message>
    <message>
        <source>Saved by itself; the customer sees it after the session.</source>
        <translation>Enregistré d’office&#x202f;; le client le voit après la séance.</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Enregistrement</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>Enregistré à {time}</translation>
    </message>
    <message>
        <source>Not saved yet: you are offline. We keep trying.</source>
        <translation>Pas encore enregistré&#xa0;: vous êtes hors ligne. Nous réessayons.</translation>
    </message>
    <message>
        <source>Not saved. Change something to try again.</source>
        <translation>Pas enregistré. Modifiez quelque chose pour réessayer.</translation>
    </message>
    <message>
        <source>Change: {finding}</source>
        <translation>Modifier&#xa0;: {finding}</translation>
    </message>
    <message>
        <source>Remove: {finding}</source>
        <translation>Retirer&#xa0;: {finding}</translation>
    </message>
</context>
<context>
    <name>ParcelDialog</name>
    <message>
        <source>The camera gives no picture now.</source>
        <translation>La caméra ne donne pas d’image en ce moment.</translation>
    </message>
    <message>
        <source>It could not be put together. Close this and try again.</source>
        <translation>Cela n’a pas pu être préparé. Fermez cette fenêtre et réessayez.</translation>
    </message>
    <message>
        <source>Inside: {files}</source>
        <translation>Contenu&#xa0;: {files}</translation>
    </message>
    <message>
        <source>all figures of the checks</source>
        <translation>tous les chiffres des contrôles</translation>
    </message>
    <message>
        <source>the same as a page to read</source>
        <translation>les mêmes, en page à lire</translation>
    </message>
    <message>
        <source>the end of the program’s log</source>
        <translation>la fin du journal du programme</translation>
    </message>
    <message>
        <source>what an earlier run had found when it was ended</source>
        <translation>ce qu’une vérification précédente avait trouvé quand elle a été interrompue</translation>
    </message>
    <message>
        <source>the picture you added</source>
        <translation>l’image que vous avez ajoutée</translation>
    </message>
    <message>
        <source>what is inside, with checksums</source>
        <translation>ce que contient l’archive, avec sommes de contrôle</translation>
    </message>
    <message>
        <source>Nothing personal was found in it.</source>
        <translation>Rien de personnel n’y a été trouvé.</translation>
    </message>
    <message>
        <source>Taken out: {found}</source>
        <translation>Retiré&#xa0;: {found}</translation>
    </message>
    <message>
        <source>Send this to support?</source>
        <translation>Envoyer ceci à l’assistance&#xa0;?</translation>
    </message>
    <message>
        <source>Save this for support?</source>
        <translation>Enregistrer ceci pour l’assistance&#xa0;?</translation>
    </message>
    <message>
        <source>Support finds it under a code for 30 days. No picture and no sound is in it.</source>
        <translation>L’assistance le trouve sous un code pendant 30 jours. Il ne contient ni image ni son.</translation>
    </message>
    <message>
        <source>It stays on this computer until you give it to somebody.</source>
        <translation>Il reste sur cet ordinateur jusqu’à ce que vous le donniez à quelqu’un.</translation>
    </message>
    <message>
        <source>Putting it together…</source>
        <translation>Préparation…</translation>
    </message>
    <message>
        <source>Add a picture of what my camera sees</source>
        <translation>Ajouter une image de ce que voit ma caméra</translation>
    </message>
    <message>
        <source>The picture that would be added</source>
        <translation>L’image qui serait ajoutée</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Pas maintenant</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Envoyer</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Enregistrer…</translation>
    </message>
</context>
<context>
    <name>PastRowView</name>
    <message>
        <source>Open the summary</source>
        <translation>Ouvrir le bilan</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>Open the summary of {what}</source>
        <translation>Ouvrir le bilan de {what}</translation>
    </message>
    <message>
        <source>Paid out</source>
        <translation>Versé</translation>
    </message>
    <message>
        <source>Payout delayed</source>
        <translation>Versement retardé</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Repris</translation>
    </message>
    <message>
        <source>No payout</source>
        <translation>Pas de versement</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>En route</translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation>Remboursé</translation>
    </message>
    <message>
        <source>Refund on its way</source>
        <translation>Remboursement en route</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Terminée</translation>
    </message>
    <message>
        <source>No mechanic free</source>
        <translation>Aucun mécanicien libre</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Pas commencée</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulée</translation>
    </message>
</context>
<context>
    <name>PeerView</name>
    <message>
        <source>Camera of the other side</source>
        <translation>Caméra de l’autre personne</translation>
    </message>
</context>
<context>
    <name>Phrases</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>il y a %n min</numerusform>
            <numerusform>il y a %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>il y a %n h</numerusform>
            <numerusform>il y a %n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>il y a %n jour</numerusform>
            <numerusform>il y a %n jours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n s ago</source>
        <translation>
            <numerusform>il y a %n s</numerusform>
            <numerusform>il y a %n s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlotsCard</name>
    <message>
        <source>Measured over time</source>
        <translation>Mesuré au fil du temps</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>Round trips to the service, ms</source>
        <translation>Allers-retours vers le service, ms</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>échantillons</translation>
    </message>
    <message>
        <source>Microphone level, dBFS</source>
        <translation>Niveau du micro, dBFS</translation>
    </message>
    <message>
        <source>Brightness, 0 to 255</source>
        <translation>Luminosité, 0 à 255</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Upload of the test call, kbit/s</source>
        <translation>Débit montant de l’appel d’essai, kbit/s</translation>
    </message>
    <message>
        <source>Download of the test call, kbit/s</source>
        <translation>Débit descendant de l’appel d’essai, kbit/s</translation>
    </message>
    <message>
        <source>How long each stage took</source>
        <translation>Durée de chaque étape</translation>
    </message>
    <message>
        <source>Nothing was measured over time.</source>
        <translation>Rien n’a été mesuré au fil du temps.</translation>
    </message>
</context>
<context>
    <name>PreflightTop</name>
    <message>
        <source>Checking this computer</source>
        <translation>Contrôle de cet ordinateur</translation>
    </message>
    <message>
        <source>Getting ready for your session with</source>
        <translation>Préparation de votre séance avec</translation>
    </message>
    <message>
        <source>Your mechanic is ready</source>
        <translation>Votre mécanicien est prêt</translation>
    </message>
    <message>
        <source>Your customer is ready</source>
        <translation>Votre client est prêt</translation>
    </message>
    <message>
        <source>Your mechanic is waiting for you</source>
        <translation>Votre mécanicien vous attend</translation>
    </message>
    <message>
        <source>Your customer is waiting for you</source>
        <translation>Votre client vous attend</translation>
    </message>
    <message>
        <source>Your mechanic is getting ready</source>
        <translation>Votre mécanicien se prépare</translation>
    </message>
    <message>
        <source>Your customer is getting ready</source>
        <translation>Votre client se prépare</translation>
    </message>
    <message>
        <source>No news of your mechanic just now</source>
        <translation>Pas de nouvelles de votre mécanicien pour l’instant</translation>
    </message>
    <message>
        <source>No news of your customer just now</source>
        <translation>Pas de nouvelles de votre client pour l’instant</translation>
    </message>
    <message>
        <source>Your mechanic is not here yet</source>
        <translation>Votre mécanicien n’est pas encore là</translation>
    </message>
    <message>
        <source>Your customer is not here yet</source>
        <translation>Votre client n’est pas encore là</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Back to the dashboard</source>
        <translation>Retour au tableau de bord</translation>
    </message>
</context>
<context>
    <name>PreflightView</name>
    <message>
        <source>Not everything could be checked</source>
        <translation>Tout n’a pas pu être contrôlé</translation>
    </message>
    <message>
        <source>Nothing wrong was found</source>
        <translation>Aucun problème trouvé</translation>
    </message>
    <message>
        <source>Ready for a call</source>
        <translation>Prêt pour un appel</translation>
    </message>
    <message>
        <source>Something needs fixing</source>
        <translation>Quelque chose est à régler</translation>
    </message>
    <message>
        <source>You are ready</source>
        <translation>Vous êtes prêt</translation>
    </message>
    <message>
        <source>Checking your set-up</source>
        <translation>Contrôle de votre installation</translation>
    </message>
    <message>
        <source>Your results could not be sent</source>
        <translation>Vos résultats n’ont pas pu être envoyés</translation>
    </message>
    <message>
        <source>Your results were not accepted</source>
        <translation>Vos résultats n’ont pas été acceptés</translation>
    </message>
    <message>
        <source>The call could not be opened</source>
        <translation>L’appel n’a pas pu s’ouvrir</translation>
    </message>
    <message>
        <source>Some things could be better</source>
        <translation>Certaines choses pourraient être mieux</translation>
    </message>
    <message>
        <source>{done} of {all} checks done</source>
        <translation>{done} contrôles sur {all} terminés</translation>
    </message>
    <message>
        <source>All {all} checks are done</source>
        <translation>Les {all} contrôles sont terminés</translation>
    </message>
    <message>
        <source>{needed} of {all_needed} needed checks done, {advice} of {all_advice} others</source>
        <translation>{needed} contrôles requis sur {all_needed} terminés, {advice} autres sur {all_advice}</translation>
    </message>
    <message>
        <source>test call from {ago}</source>
        <translation>appel d’essai {ago}</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Pas d’image</translation>
    </message>
    <message>
        <source>Starting the camera</source>
        <translation>Démarrage de la caméra</translation>
    </message>
    <message>
        <source>{width} × {height} · {fps} fps</source>
        <translation>{width} × {height} · {fps} im/s</translation>
    </message>
    <message>
        <source>Liftbay did not accept these results. Send them again.</source>
        <translation>Liftbay n’a pas accepté ces résultats. Envoyez-les de nouveau.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>No hurry: let the checks finish</source>
        <translation>Rien ne presse&#xa0;: laissez finir les contrôles</translation>
    </message>
    <message>
        <source>The other side is not ready yet: let the checks finish. Ctrl+Enter joins at any time.</source>
        <translation>L’autre côté n’est pas encore prêt&#xa0;: laissez finir les contrôles. Ctrl+Entrée fait entrer à tout moment.</translation>
    </message>
    <message>
        <source>You can join the session now. Press Ctrl+Enter.</source>
        <translation>Vous pouvez entrer dans la séance. Appuyez sur Ctrl+Entrée.</translation>
    </message>
    <message>
        <source>Checking, a few seconds more</source>
        <translation>Contrôle, encore quelques secondes</translation>
    </message>
    <message>
        <source>Fix issues to continue</source>
        <translation>Réglez les problèmes pour continuer</translation>
    </message>
    <message>
        <source>Sending the results</source>
        <translation>Envoi des résultats</translation>
    </message>
    <message>
        <source>Not possible yet</source>
        <translation>Pas encore possible</translation>
    </message>
    <message>
        <source>Ctrl+Enter joins</source>
        <translation>Ctrl+Entrée pour entrer</translation>
    </message>
    <message>
        <source>Opening the call</source>
        <translation>Ouverture de l’appel</translation>
    </message>
    <message>
        <source>Your camera, mirrored</source>
        <translation>Votre caméra, en miroir</translation>
    </message>
    <message>
        <source>How far the checks are</source>
        <translation>Avancement des contrôles</translation>
    </message>
    <message>
        <source>Code of the report, for support</source>
        <translation>Code du rapport, pour l’assistance</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Renvoyer</translation>
    </message>
    <message>
        <source>Your connection hardly carries the other side’s picture: they start with sound only.</source>
        <translation>Votre connexion supporte à peine l’image de l’autre côté&#xa0;: il commence sans image.</translation>
    </message>
    <message>
        <source>See {group} in the results.</source>
        <translation>Voir «&#xa0;{group}&#xa0;» dans les résultats.</translation>
    </message>
    <message>
        <source>Join session</source>
        <translation>Entrer dans la séance</translation>
    </message>
</context>
<context>
    <name>QuestionLine</name>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>S’entendre</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Oui</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Non</translation>
    </message>
    <message>
        <source>Play the beeps and count them.</source>
        <translation>Jouez les bips et comptez-les.</translation>
    </message>
    <message>
        <source>Listen and count.</source>
        <translation>Écoutez et comptez.</translation>
    </message>
    <message>
        <source>How many?</source>
        <translation>Combien&#x202f;?</translation>
    </message>
    <message>
        <source>Correct. You will hear the other side.</source>
        <translation>Exact. Vous entendrez l’autre.</translation>
    </message>
    <message>
        <source>You heard this loudspeaker recently.</source>
        <translation>Vous avez entendu ce haut-parleur récemment.</translation>
    </message>
    <message>
        <source>Not quite. Play the beeps once more.</source>
        <translation>Pas tout à fait. Rejouez les bips.</translation>
    </message>
    <message>
        <source>Choose another loudspeaker and try again.</source>
        <translation>Choisissez un autre haut-parleur et réessayez.</translation>
    </message>
    <message>
        <source>No sound could be played. Choose another loudspeaker.</source>
        <translation>Aucun son n’a pu être joué. Choisissez un autre haut-parleur.</translation>
    </message>
    <message>
        <source>Speak now. Recording, {seconds} s left</source>
        <translation>Parlez. Enregistrement, encore {seconds}&#x202f;s</translation>
    </message>
    <message>
        <source>Listen to yourself.</source>
        <translation>Écoutez-vous.</translation>
    </message>
    <message>
        <source>Did you hear yourself clearly?</source>
        <translation>Vous êtes-vous bien entendu&#x202f;?</translation>
    </message>
    <message>
        <source>Good. So others will hear you.</source>
        <translation>Bien. Les autres vous entendront ainsi.</translation>
    </message>
    <message>
        <source>Choose another microphone, or speak closer to it.</source>
        <translation>Choisissez un autre micro, ou parlez plus près de lui.</translation>
    </message>
    <message>
        <source>Your voice could not be played back.</source>
        <translation>Votre voix n’a pas pu être rejouée.</translation>
    </message>
</context>
<context>
    <name>ReportTree</name>
    <message>
        <source>All checks</source>
        <translation>Tous les contrôles</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Contrôle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Chiffres</translation>
    </message>
    <message>
        <source>{passed} of {all} passed</source>
        <translation>{passed} sur {all} réussis</translation>
    </message>
</context>
<context>
    <name>RequestCardView</name>
    <message>
        <source>{amount} for you</source>
        <translation>{amount} pour vous</translation>
    </message>
    <message>
        <source>Accepting…</source>
        <translation>Acceptation…</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Accepter</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Moins</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Details of {car}</source>
        <translation>Détails de {car}</translation>
    </message>
    <message>
        <source>Booked for {when}</source>
        <translation>Réservée pour le {when}</translation>
    </message>
    <message>
        <source>Chat on the web</source>
        <translation>Discussion sur le web</translation>
    </message>
    <message>
        <source>VIN {vin}</source>
        <translation>VIN {vin}</translation>
    </message>
    <message>
        <source>Plate {plate}</source>
        <translation>Plaque {plate}</translation>
    </message>
    <message>
        <source>{km} km</source>
        <translation>{km} km</translation>
    </message>
    <message>
        <source>Nothing more is known about the car.</source>
        <translation>On n’en sait pas plus sur la voiture.</translation>
    </message>
</context>
<context>
    <name>SelfView</name>
    <message>
        <source>Your own picture</source>
        <translation>Votre propre image</translation>
    </message>
    <message>
        <source>Arrow keys move it to another corner.</source>
        <translation>Les flèches la déplacent dans un autre coin.</translation>
    </message>
</context>
<context>
    <name>SessionCard</name>
    <message>
        <source>Looking for a mechanic</source>
        <translation>Recherche d’un mécanicien</translation>
    </message>
    <message>
        <source>Return to call</source>
        <translation>Revenir à l’appel</translation>
    </message>
    <message>
        <source>Join session</source>
        <translation>Entrer dans la séance</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>Rendre</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Chat on the web</source>
        <translation>Discussion sur le web</translation>
    </message>
    <message>
        <source>Live · {left} left</source>
        <translation>En direct · reste {left}</translation>
    </message>
    <message>
        <source>Reconnecting</source>
        <translation>Reconnexion</translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation>Vous attend</translation>
    </message>
    <message>
        <source>Ready to join</source>
        <translation>Prête</translation>
    </message>
    <message>
        <source>Payment due</source>
        <translation>À payer</translation>
    </message>
    <message>
        <source>Sent to mechanics</source>
        <translation>Envoyée aux mécaniciens</translation>
    </message>
    <message>
        <source>Booked</source>
        <translation>Réservée</translation>
    </message>
    <message>
        <source>asked {ago}</source>
        <translation>demandée {ago}</translation>
    </message>
    <message>
        <source>accepted {ago}</source>
        <translation>acceptée {ago}</translation>
    </message>
</context>
<context>
    <name>ShellWindow</name>
    <message>
        <source>Sessions</source>
        <translation>Séances</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Earnings</source>
        <translation>Revenus</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>Rapports</translation>
    </message>
    <message>
        <source>Run diagnostics</source>
        <translation>Lancer le diagnostic</translation>
    </message>
    <message>
        <source>Run diagnostics: check this computer</source>
        <translation>Lancer le diagnostic&#xa0;: vérifier cet ordinateur</translation>
    </message>
    <message>
        <source>Check this computer (Alt+D)</source>
        <translation>Vérifier cet ordinateur (Alt+D)</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Se déconnecter</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Close the panel (P)</source>
        <translation>Fermer le panneau (P)</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Discussion</translation>
    </message>
    <message>
        <source>Chat ({count})</source>
        <translation>Discussion ({count})</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notes</translation>
    </message>
    <message>
        <source>Vehicle</source>
        <translation>Véhicule</translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>I am a customer</source>
        <translation>Je suis client</translation>
    </message>
    <message>
        <source>I am a mechanic</source>
        <translation>Je suis mécanicien</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Connexion…</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Se connecter</translation>
    </message>
    <message>
        <source>Your sign-in has expired.</source>
        <translation>Votre connexion a expiré.</translation>
    </message>
    <message>
        <source>Sign in again to go on.</source>
        <translation>Reconnectez-vous pour continuer.</translation>
    </message>
    <message>
        <source>Your settings name no usable service.</source>
        <translation>Vos réglages n’indiquent aucun service utilisable.</translation>
    </message>
    <message>
        <source>The one on this computer is asked instead. ({code})</source>
        <translation>Celui de cet ordinateur est interrogé à la place. ({code})</translation>
    </message>
    <message>
        <source>Sign in as</source>
        <translation>Se connecter comme</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>you@example.com</source>
        <translation>vous@example.com</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation>Créer un compte</translation>
    </message>
    <message>
        <source>Run diagnostics</source>
        <translation>Lancer le diagnostic</translation>
    </message>
    <message>
        <source>Trouble with camera, sound or network?</source>
        <translation>Un souci de caméra, de son ou de réseau&#x202f;?</translation>
    </message>
    <message>
        <source>A mechanic beside you, on screen.</source>
        <translation>Un mécanicien à vos côtés, à l’écran.</translation>
    </message>
</context>
<context>
    <name>SignUpView</name>
    <message>
        <source>Use at least 8 characters.</source>
        <translation>Au moins 8 caractères.</translation>
    </message>
    <message>
        <source>Creating your account…</source>
        <translation>Création de votre compte…</translation>
    </message>
    <message>
        <source>Create account</source>
        <translation>Créer le compte</translation>
    </message>
    <message>
        <source>Check your mail.</source>
        <translation>Consultez vos e-mails.</translation>
    </message>
    <message>
        <source>Open the link we sent you, then sign in.</source>
        <translation>Ouvrez le lien que nous vous avons envoyé, puis connectez-vous.</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Votre nom</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>you@example.com</source>
        <translation>vous@example.com</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>At least 8 characters</source>
        <translation>Au moins 8 caractères</translation>
    </message>
    <message>
        <source>I have an account: sign in</source>
        <translation>J’ai un compte&#xa0;: me connecter</translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation>Créer un compte</translation>
    </message>
    <message>
        <source>You see a mechanic within minutes.</source>
        <translation>Vous voyez un mécanicien en quelques minutes.</translation>
    </message>
</context>
<context>
    <name>SoundOnlyRow</name>
    <message>
        <source>How the call begins</source>
        <translation>Comment l’appel commence</translation>
    </message>
    <message>
        <source>The other side’s connection hardly carries a picture: the call starts with sound only, and you can turn the camera on later.</source>
        <translation>La connexion de l’autre côté supporte à peine une image&#xa0;: l’appel commence sans image, vous pourrez activer la caméra plus tard.</translation>
    </message>
    <message>
        <source>Your connection is weak: you can start with sound only, and turn the camera on later.</source>
        <translation>Votre connexion est faible&#xa0;: vous pouvez commencer avec le son seul et allumer la caméra plus tard.</translation>
    </message>
    <message>
        <source>Start with picture</source>
        <translation>Avec image</translation>
    </message>
    <message>
        <source>Sound only</source>
        <translation>Son seul</translation>
    </message>
</context>
<context>
    <name>Stars</name>
    <message numerus="yes">
        <source>%n star(s)</source>
        <translation>
            <numerusform>%n étoile</numerusform>
            <numerusform>%n étoiles</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SummaryView</name>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Session summary</source>
        <translation>Bilan de la séance</translation>
    </message>
    <message>
        <source>Session complete</source>
        <translation>Séance terminée</translation>
    </message>
    <message>
        <source>Session cancelled</source>
        <translation>Séance annulée</translation>
    </message>
    <message>
        <source>Session not started</source>
        <translation>Séance non commencée</translation>
    </message>
    <message>
        <source>No mechanic was free</source>
        <translation>Aucun mécanicien n’était libre</translation>
    </message>
    <message>
        <source>Session ended</source>
        <translation>Séance finie</translation>
    </message>
    <message>
        <source>with {name}</source>
        <translation>avec {name}</translation>
    </message>
    <message>
        <source>{how} at {time}</source>
        <translation>{how} à {time}</translation>
    </message>
    <message>
        <source>The session did not take place, so nobody looked at the car.</source>
        <translation>La séance n’a pas eu lieu&#xa0;: personne n’a regardé la voiture.</translation>
    </message>
    <message>
        <source>Your comment</source>
        <translation>Votre commentaire</translation>
    </message>
    <message>
        <source>Thank you. Your rating was sent.</source>
        <translation>Merci. Votre note est envoyée.</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Envoi…</translation>
    </message>
    <message>
        <source>Send rating</source>
        <translation>Envoyer la note</translation>
    </message>
    <message>
        <source>Report saved.</source>
        <translation>Rapport enregistré.</translation>
    </message>
    <message>
        <source>The report could not be written there.</source>
        <translation>Le rapport n’a pas pu être écrit à cet endroit.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>Saving the report…</source>
        <translation>Enregistrement du rapport…</translation>
    </message>
    <message>
        <source>Loading the summary</source>
        <translation>Chargement du bilan</translation>
    </message>
    <message>
        <source>Nothing was written down in this session.</source>
        <translation>Rien n’a été noté pendant cette séance.</translation>
    </message>
    <message>
        <source>What we found</source>
        <translation>Nos constats</translation>
    </message>
    <message>
        <source>Notes of the mechanic</source>
        <translation>Notes du mécanicien</translation>
    </message>
    <message>
        <source>Snapshots and files</source>
        <translation>Clichés et fichiers</translation>
    </message>
    <message>
        <source>Add a comment</source>
        <translation>Ajouter un commentaire</translation>
    </message>
    <message>
        <source>How was it?</source>
        <translation>Comment c’était&#x202f;?</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>La suite</translation>
    </message>
    <message>
        <source>Save report (PDF)</source>
        <translation>Enregistrer (PDF)</translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation>Tableau de bord</translation>
    </message>
</context>
<context>
    <name>SupportCard</name>
    <message>
        <source>On the phone, say: {numbers}</source>
        <translation>Au téléphone, dites&#xa0;: {numbers}</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Envoyer à nouveau</translation>
    </message>
    <message>
        <source>Send to support</source>
        <translation>Envoyer à l’assistance</translation>
    </message>
    <message>
        <source>Sent. The code is {code}.</source>
        <translation>Envoyé. Le code est {code}.</translation>
    </message>
    <message>
        <source>It could not be put together. Try again.</source>
        <translation>Cela n’a pas pu être préparé. Réessayez.</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Enregistrement…</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Enregistré sous {name}.</translation>
    </message>
    <message>
        <source>It could not be saved there. Choose another folder, or free space.</source>
        <translation>Impossible d’enregistrer ici. Choisissez un autre dossier, ou libérez de la place.</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Envoi…</translation>
    </message>
    <message>
        <source>Sent. Read this code to support.</source>
        <translation>Envoyé. Lisez ce code à l’assistance.</translation>
    </message>
    <message>
        <source>The code is in your clipboard.</source>
        <translation>Le code est dans votre presse-papiers.</translation>
    </message>
    <message>
        <source>Or save the bundle, and send it by e-mail.</source>
        <translation>Ou enregistrez l’archive, et envoyez-la par e-mail.</translation>
    </message>
    <message>
        <source>Support sees nothing of this until you send it.</source>
        <translation>L’assistance n’en voit rien tant que vous ne l’envoyez pas.</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>Copier le code</translation>
    </message>
    <message>
        <source>Save bundle</source>
        <translation>Enregistrer l’archive</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>Save the report as a file</source>
        <translation>Enregistrer le rapport dans un fichier</translation>
    </message>
    <message>
        <source>Save page</source>
        <translation>Enregistrer la page</translation>
    </message>
    <message>
        <source>Save the report as a page for a browser</source>
        <translation>Enregistrer le rapport en page pour un navigateur</translation>
    </message>
    <message>
        <source>For support</source>
        <translation>Pour l’assistance</translation>
    </message>
</context>
<context>
    <name>UprightRow</name>
    <message>
        <source>Yes</source>
        <translation>Oui</translation>
    </message>
    <message>
        <source>The picture is upright</source>
        <translation>L’image est à l’endroit</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>Tourner</translation>
    </message>
    <message>
        <source>Turn the picture for everybody</source>
        <translation>Tourner l’image pour tout le monde</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Inverser</translation>
    </message>
    <message>
        <source>Mirror the picture for everybody</source>
        <translation>Inverser la gauche et la droite pour tout le monde</translation>
    </message>
    <message>
        <source>Is the picture upright?</source>
        <translation>L’image est-elle à l’endroit&#x202f;?</translation>
    </message>
    <message>
        <source>You see yourself mirrored; others do not.</source>
        <translation>Vous vous voyez en miroir, pas les autres.</translation>
    </message>
</context>
<context>
    <name>VehicleView</name>
    <message>
        <source>Concern</source>
        <translation>Souci</translation>
    </message>
    <message>
        <source>VIN</source>
        <translation>VIN</translation>
    </message>
    <message>
        <source>Plate</source>
        <translation>Plaque</translation>
    </message>
    <message>
        <source>Odometer</source>
        <translation>Kilométrage</translation>
    </message>
    <message>
        <source>{km} km</source>
        <translation>{km} km</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>Before a session</source>
        <translation>Avant une séance</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>Diagnostic</translation>
    </message>
    <message>
        <source>arrived {when}</source>
        <translation>reçu le {when}</translation>
    </message>
    <message>
        <source>{ended} after {seconds} s</source>
        <translation>{ended} après {seconds} s</translation>
    </message>
    <message>
        <source>kept until {when}</source>
        <translation>conservé jusqu’au {when}</translation>
    </message>
    <message>
        <source>Sent by the person’s own program: nobody has checked these figures.</source>
        <translation>Envoyé par le programme de la personne&#xa0;: nul n’a vérifié ces chiffres.</translation>
    </message>
</context>
<context>
    <name>_Bubble</name>
    <message>
        <source>Send again</source>
        <translation>Renvoyer</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Vous</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Envoi</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Pas envoyé</translation>
    </message>
</context>
<context>
    <name>_CheckRow</name>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Try again: {check}</source>
        <translation>Réessayer&#xa0;: {check}</translation>
    </message>
    <message>
        <source>{button}: {check}</source>
        <translation>{button}&#xa0;: {check}</translation>
    </message>
</context>
<context>
    <name>_EarlierRow</name>
    <message>
        <source>Show the report {code}</source>
        <translation>Afficher le rapport {code}</translation>
    </message>
</context>
<context>
    <name>_EarningRow</name>
    <message>
        <source>Paid out</source>
        <translation>Versé</translation>
    </message>
    <message>
        <source>Delayed</source>
        <translation>En retard</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>En route</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Use it</source>
        <translation>L’utiliser</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A camera is connected</source>
        <translation>Une caméra est branchée</translation>
    </message>
    <message>
        <source>No camera was found: plug one in or switch on the camera key of your laptop.</source>
        <translation>Aucune caméra trouvée&#xa0;: branchez-en une ou activez la touche caméra de votre portable.</translation>
    </message>
    <message>
        <source>The camera may be used</source>
        <translation>La caméra est autorisée</translation>
    </message>
    <message>
        <source>Camera access is switched off for this app: allow it in the system settings, and come back.</source>
        <translation>L’accès à la caméra est coupé pour cette application&#xa0;: autorisez-le dans les réglages du système, puis revenez.</translation>
    </message>
    <message>
        <source>Camera access is switched off for this app: press “Open settings”, allow it, and come back.</source>
        <translation>L’accès à la caméra est coupé pour cette application&#xa0;: appuyez sur «&#xa0;Ouvrir les réglages&#xa0;», autorisez-le, puis revenez.</translation>
    </message>
    <message>
        <source>The camera is free</source>
        <translation>La caméra est libre</translation>
    </message>
    <message>
        <source>The camera is being used by {program}: close it, we try again by ourselves.</source>
        <translation>La caméra est utilisée par {program}&#xa0;: fermez-le, nous réessayons d’office.</translation>
    </message>
    <message>
        <source>The camera is being used by another program: close it, we try again by ourselves.</source>
        <translation>La caméra est utilisée par un autre programme&#xa0;: fermez-le, nous réessayons d’office.</translation>
    </message>
    <message>
        <source>The camera starts</source>
        <translation>La caméra démarre</translation>
    </message>
    <message>
        <source>The camera did not start: unplug it, wait 5 seconds, plug it in again.</source>
        <translation>La caméra n’a pas démarré&#xa0;: débranchez-la, attendez 5 secondes, rebranchez-la.</translation>
    </message>
    <message>
        <source>The camera sends a picture</source>
        <translation>La caméra envoie une image</translation>
    </message>
    <message>
        <source>The camera is on but sends no picture: unplug it or choose another camera.</source>
        <translation>La caméra est allumée mais n’envoie pas d’image&#xa0;: débranchez-la ou choisissez-en une autre.</translation>
    </message>
    <message>
        <source>The picture moves</source>
        <translation>L’image bouge</translation>
    </message>
    <message>
        <source>The picture stands still: choose another camera or unplug this one for a moment.</source>
        <translation>L’image est figée&#xa0;: choisissez une autre caméra ou débranchez celle-ci un instant.</translation>
    </message>
    <message>
        <source>The picture is visible</source>
        <translation>L’image est visible</translation>
    </message>
    <message>
        <source>The picture is black: open the lens cover, press the camera key, or switch on a light.</source>
        <translation>L’image est noire&#xa0;: ouvrez le cache, appuyez sur la touche caméra ou allumez une lumière.</translation>
    </message>
    <message>
        <source>The camera is fast enough</source>
        <translation>La caméra est assez rapide</translation>
    </message>
    <message>
        <source>The camera is too slow: add light, or plug it directly into the computer.</source>
        <translation>La caméra est trop lente&#xa0;: ajoutez de la lumière ou branchez-la directement sur l’ordinateur.</translation>
    </message>
    <message>
        <source>The camera stays connected</source>
        <translation>La caméra reste branchée</translation>
    </message>
    <message>
        <source>{device} was unplugged: plug it in again or choose another one.</source>
        <translation>{device} a été débranché&#xa0;: rebranchez cet appareil ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>The camera was unplugged: plug it in again or choose another one.</source>
        <translation>La caméra a été débranchée&#xa0;: rebranchez-la ou choisissez-en une autre.</translation>
    </message>
    <message>
        <source>A microphone is connected</source>
        <translation>Un micro est branché</translation>
    </message>
    <message>
        <source>No microphone was found: plug in a headset.</source>
        <translation>Aucun micro trouvé&#xa0;: branchez un casque.</translation>
    </message>
    <message>
        <source>The microphone may be used</source>
        <translation>Le micro est autorisé</translation>
    </message>
    <message>
        <source>Microphone access is switched off for this app: allow it in the system settings, and come back.</source>
        <translation>L’accès au micro est coupé pour cette application&#xa0;: autorisez-le dans les réglages du système, puis revenez.</translation>
    </message>
    <message>
        <source>Microphone access is switched off for this app: press “Open settings” and allow it.</source>
        <translation>L’accès au micro est coupé pour cette application&#xa0;: appuyez sur «&#xa0;Ouvrir les réglages&#xa0;» et autorisez-le.</translation>
    </message>
    <message>
        <source>The microphone is free</source>
        <translation>Le micro est libre</translation>
    </message>
    <message>
        <source>The microphone is being used by {program}: close it.</source>
        <translation>Le micro est utilisé par {program}&#xa0;: fermez-le.</translation>
    </message>
    <message>
        <source>The microphone is being used by another program: close it.</source>
        <translation>Le micro est utilisé par un autre programme&#xa0;: fermez-le.</translation>
    </message>
    <message>
        <source>The microphone starts</source>
        <translation>Le micro démarre</translation>
    </message>
    <message>
        <source>The microphone did not start: unplug it, wait 5 seconds, plug it in again.</source>
        <translation>Le micro n’a pas démarré&#xa0;: débranchez-le, attendez 5 secondes, rebranchez-le.</translation>
    </message>
    <message>
        <source>The microphone sends sound</source>
        <translation>Le micro envoie du son</translation>
    </message>
    <message>
        <source>The microphone is on but sends nothing: unplug it or choose another one.</source>
        <translation>Le micro est allumé mais n’envoie rien&#xa0;: débranchez-le ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>The microphone hears something</source>
        <translation>Le micro entend quelque chose</translation>
    </message>
    <message>
        <source>We receive only silence: check the mute switch on your headset.</source>
        <translation>Nous ne recevons que du silence&#xa0;: vérifiez le bouton muet de votre casque.</translation>
    </message>
    <message>
        <source>The microphone stays connected</source>
        <translation>Le micro reste branché</translation>
    </message>
    <message>
        <source>The microphone was unplugged: plug it in again.</source>
        <translation>Le micro a été débranché&#xa0;: rebranchez-le.</translation>
    </message>
    <message>
        <source>Liftbay can be reached</source>
        <translation>Liftbay est joignable</translation>
    </message>
    <message>
        <source>We cannot reach Liftbay: check that you are on the internet.</source>
        <translation>Liftbay est injoignable&#xa0;: vérifiez que vous êtes connecté à internet.</translation>
    </message>
    <message>
        <source>Liftbay is working</source>
        <translation>Liftbay fonctionne</translation>
    </message>
    <message>
        <source>Answer takes {rtt} ms (limit {limit} ms)</source>
        <translation>La réponse met {rtt} ms (limite {limit} ms)</translation>
    </message>
    <message>
        <source>Liftbay is being repaired: we keep trying, you need not change anything.</source>
        <translation>Liftbay est en réparation&#xa0;: nous réessayons, vous n’avez rien à changer.</translation>
    </message>
    <message>
        <source>Answers come quickly</source>
        <translation>Les réponses arrivent vite</translation>
    </message>
    <message>
        <source>Your connection is slow right now: move closer to the router or use a cable.</source>
        <translation>Votre connexion est lente en ce moment&#xa0;: rapprochez-vous du routeur ou branchez un câble.</translation>
    </message>
    <message>
        <source>The call server answers</source>
        <translation>Le serveur d’appel répond</translation>
    </message>
    <message>
        <source>The call server does not answer: a firewall may block it, try another network.</source>
        <translation>Le serveur d’appel ne répond pas&#xa0;: un pare-feu le bloque peut-être, essayez un autre réseau.</translation>
    </message>
    <message>
        <source>A call can be set up</source>
        <translation>Un appel peut être établi</translation>
    </message>
    <message>
        <source>Calls are blocked in this network: use a phone hotspot or ask your IT.</source>
        <translation>Les appels sont bloqués sur ce réseau&#xa0;: utilisez le partage de votre téléphone ou demandez à votre informaticien.</translation>
    </message>
    <message>
        <source>The network stays the same</source>
        <translation>Le réseau reste le même</translation>
    </message>
    <message>
        <source>Your network changed: checking again.</source>
        <translation>Votre réseau a changé&#xa0;: nouveau contrôle.</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micro</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Réseau</translation>
    </message>
    <message>
        <source>Test call</source>
        <translation>Appel d’essai</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Cet ordinateur</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Haut-parleur</translation>
    </message>
    <message>
        <source>Screen sharing</source>
        <translation>Partage d’écran</translation>
    </message>
    <message>
        <source>Your session</source>
        <translation>Votre séance</translation>
    </message>
    <message>
        <source>Looking at the picture</source>
        <translation>Examen de l’image</translation>
    </message>
    <message>
        <source>Listening: say a few words</source>
        <translation>Écoute&#xa0;: dites quelques mots</translation>
    </message>
    <message>
        <source>Timing the way to Liftbay and to the call server</source>
        <translation>Mesure du chemin vers Liftbay et le serveur d’appel</translation>
    </message>
    <message>
        <source>Trying a call</source>
        <translation>Essai d’appel</translation>
    </message>
    <message>
        <source>Looking at this computer</source>
        <translation>Examen de cet ordinateur</translation>
    </message>
    <message>
        <source>Listening for an echo</source>
        <translation>Recherche d’un écho</translation>
    </message>
    <message>
        <source>Asking whether the screen can be shared</source>
        <translation>Vérification du partage d’écran</translation>
    </message>
    <message>
        <source>Asking Liftbay about your session</source>
        <translation>Liftbay vérifie votre séance</translation>
    </message>
    <message>
        <source>The picture stands still: wave at the camera</source>
        <translation>L’image ne bouge pas&#xa0;: faites signe à la caméra</translation>
    </message>
    <message>
        <source>Clear, moving picture</source>
        <translation>Image nette, en mouvement</translation>
    </message>
    <message>
        <source>We can hear you</source>
        <translation>Nous vous entendons</translation>
    </message>
    <message>
        <source>The call server can be reached</source>
        <translation>Le serveur d’appel est joignable</translation>
    </message>
    <message>
        <source>A call gets through well</source>
        <translation>Un appel passe bien</translation>
    </message>
    <message>
        <source>Ready for a call</source>
        <translation>Prêt pour un appel</translation>
    </message>
    <message>
        <source>Sound can be played</source>
        <translation>Le son peut être lu</translation>
    </message>
    <message>
        <source>The screen can be shared</source>
        <translation>L’écran peut être partagé</translation>
    </message>
    <message>
        <source>You can join</source>
        <translation>Vous pouvez rejoindre</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Contrôle</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Réussi</translation>
    </message>
    <message>
        <source>Good enough</source>
        <translation>Suffisant</translation>
    </message>
    <message>
        <source>Fix this</source>
        <translation>À régler</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>Non mesuré</translation>
    </message>
    <message>
        <source>Could be better</source>
        <translation>Peut être amélioré</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échec</translation>
    </message>
    <message>
        <source>This check itself went wrong: try again, or tell support “{no}”.</source>
        <translation>Ce contrôle lui-même a échoué&#xa0;: réessayez, ou indiquez «&#xa0;{no}&#xa0;» à l’assistance.</translation>
    </message>
    <message>
        <source>The call server is asked once you are signed in.</source>
        <translation>Le serveur d’appel est interrogé une fois que vous êtes connecté.</translation>
    </message>
    <message>
        <source>answer takes {rtt} ms</source>
        <translation>la réponse prend {rtt}&#xa0;ms</translation>
    </message>
    <message>
        <source>it varies by {figure} ms</source>
        <translation>elle varie de {figure}&#xa0;ms</translation>
    </message>
    <message>
        <source>{figure} % of the test call was lost</source>
        <translation>{figure}&#xa0;% de l’appel d’essai s’est perdu</translation>
    </message>
    <message>
        <source>{fps} pictures a second</source>
        <translation>{fps} images par seconde</translation>
    </message>
    <message>
        <source>Only {fps} pictures a second</source>
        <translation>Seulement {fps} images par seconde</translation>
    </message>
    <message>
        <source>Not measured: “{check}” comes first</source>
        <translation>Non mesuré&#xa0;: «&#xa0;{check}&#xa0;» vient d’abord</translation>
    </message>
    <message>
        <source>No result in time</source>
        <translation>Pas de résultat à temps</translation>
    </message>
    <message>
        <source>The check itself went wrong</source>
        <translation>Le contrôle lui-même a échoué</translation>
    </message>
    <message>
        <source>The upload is fast enough</source>
        <translation>L’envoi est assez rapide</translation>
    </message>
    <message>
        <source>Your upload is slow: we send a smaller picture.</source>
        <translation>Votre envoi est lent&#xa0;: nous envoyons une image plus petite.</translation>
    </message>
    <message>
        <source>The download is fast enough</source>
        <translation>La réception est assez rapide</translation>
    </message>
    <message>
        <source>Your download is slow: you will see a smaller picture.</source>
        <translation>Votre réception est lente&#xa0;: vous verrez une image plus petite.</translation>
    </message>
    <message>
        <source>The picture is soon sharp</source>
        <translation>L’image est vite nette</translation>
    </message>
    <message>
        <source>The picture needs some seconds to become sharp: wait for it when you show a detail.</source>
        <translation>L’image met quelques secondes à devenir nette&#xa0;: attendez avant de montrer un détail.</translation>
    </message>
    <message>
        <source>The way to the other side is short</source>
        <translation>Le chemin vers l’autre est court</translation>
    </message>
    <message>
        <source>Expect a delay when speaking: let the other finish.</source>
        <translation>Attendez-vous à un délai en parlant&#xa0;: laissez l’autre finir.</translation>
    </message>
    <message>
        <source>Nothing gets lost</source>
        <translation>Rien ne se perd</translation>
    </message>
    <message>
        <source>The connection loses data: use a cable or move closer to the router.</source>
        <translation>La connexion perd des données&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>The connection has no gaps</source>
        <translation>La connexion n’a pas de coupures</translation>
    </message>
    <message>
        <source>The connection has gaps: use a cable or move closer to the router.</source>
        <translation>La connexion a des coupures&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>Packets keep their order</source>
        <translation>Les paquets gardent leur ordre</translation>
    </message>
    <message>
        <source>Packets overtake each other: tell support, if the call stutters.</source>
        <translation>Des paquets se doublent&#xa0;: dites-le à l’assistance si l’appel saccade.</translation>
    </message>
    <message>
        <source>The connection is even</source>
        <translation>La connexion est régulière</translation>
    </message>
    <message>
        <source>The connection is uneven: pause downloads or use a cable.</source>
        <translation>La connexion est irrégulière&#xa0;: suspendez les téléchargements ou utilisez un câble.</translation>
    </message>
    <message>
        <source>The voice will be clear</source>
        <translation>La voix sera claire</translation>
    </message>
    <message>
        <source>Voice may break up: use a cable or audio only.</source>
        <translation>La voix peut se couper&#xa0;: utilisez un câble ou le son seul.</translation>
    </message>
    <message>
        <source>The picture has room on the line</source>
        <translation>L’image a de la place sur la ligne</translation>
    </message>
    <message>
        <source>The line held the picture back: close what else uses the network.</source>
        <translation>La ligne a freiné l’image&#xa0;: fermez ce qui utilise aussi le réseau.</translation>
    </message>
    <message>
        <source>The picture gets through</source>
        <translation>L’image passe</translation>
    </message>
    <message>
        <source>The picture does not get through well: try another network.</source>
        <translation>L’image passe mal&#xa0;: essayez un autre réseau.</translation>
    </message>
    <message>
        <source>The best path is open</source>
        <translation>Le meilleur chemin est ouvert</translation>
    </message>
    <message>
        <source>Your network blocks the best path: calls work, with less quality.</source>
        <translation>Votre réseau bloque le meilleur chemin&#xa0;: les appels marchent, avec moins de qualité.</translation>
    </message>
    <message>
        <source>Your voice reaches the call</source>
        <translation>Votre voix parvient à l’appel</translation>
    </message>
    <message>
        <source>Your voice does not reach the call: choose another microphone.</source>
        <translation>Votre voix ne parvient pas à l’appel&#xa0;: choisissez un autre micro.</translation>
    </message>
    <message>
        <source>Your picture reaches the call</source>
        <translation>Votre image parvient à l’appel</translation>
    </message>
    <message>
        <source>Your picture does not reach the call: choose another camera.</source>
        <translation>Votre image ne parvient pas à l’appel&#xa0;: choisissez une autre caméra.</translation>
    </message>
    <message>
        <source>The picture arrives at once</source>
        <translation>L’image arrive aussitôt</translation>
    </message>
    <message>
        <source>Sound and picture arrive late: let the other finish before you speak.</source>
        <translation>Le son et l’image arrivent en retard&#xa0;: laissez l’autre finir avant de parler.</translation>
    </message>
    <message>
        <source>The call server has no complaint</source>
        <translation>Le serveur d’appel n’a rien à redire</translation>
    </message>
    <message>
        <source>The call server finds the connection poor: use a cable or move closer to the router.</source>
        <translation>Le serveur d’appel juge la connexion mauvaise&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>The fallback over TCP works</source>
        <translation>Le repli sur TCP fonctionne</translation>
    </message>
    <message>
        <source>A fallback over TCP is missing: tell support, if calls break off.</source>
        <translation>Le repli sur TCP est impossible&#xa0;: signalez-le à l’assistance si des appels sont coupés.</translation>
    </message>
    <message>
        <source>The relay can be reached</source>
        <translation>Le relais est joignable</translation>
    </message>
    <message>
        <source>The relay cannot be reached: tell support, if calls break off.</source>
        <translation>Le relais n’est pas joignable&#xa0;: signalez-le à l’assistance si des appels sont coupés.</translation>
    </message>
    <message>
        <source>There is a way through strict networks</source>
        <translation>Il existe un chemin à travers les réseaux stricts</translation>
    </message>
    <message>
        <source>This network may cut calls: have a phone hotspot ready.</source>
        <translation>Ce réseau peut couper des appels&#xa0;: gardez un partage de connexion du téléphone à portée de main.</translation>
    </message>
    <message>
        <source>The call comes back by itself</source>
        <translation>L’appel revient de lui-même</translation>
    </message>
    <message>
        <source>After a short break the call may not come back by itself: stay close to the router.</source>
        <translation>Après une courte coupure, l’appel pourrait ne pas revenir de lui-même&#xa0;: restez près du routeur.</translation>
    </message>
    <message>
        <source>Calls take the better protocol</source>
        <translation>Les appels prennent le meilleur protocole</translation>
    </message>
    <message>
        <source>TCP carries more than UDP here: tell support, if the call stutters.</source>
        <translation>Ici, TCP transporte plus qu’UDP&#xa0;: prévenez l’assistance si l’appel saccade.</translation>
    </message>
    <message>
        <source>The lens is free</source>
        <translation>L’objectif est dégagé</translation>
    </message>
    <message>
        <source>We see an even surface only: uncover the lens or point it at the car.</source>
        <translation>Nous ne voyons qu’une surface unie&#xa0;: dégagez l’objectif ou dirigez-le vers la voiture.</translation>
    </message>
    <message>
        <source>There is enough light</source>
        <translation>Il y a assez de lumière</translation>
    </message>
    <message>
        <source>It is too dark: add a lamp or move into the light.</source>
        <translation>Il fait trop sombre&#xa0;: ajoutez une lampe ou placez-vous à la lumière.</translation>
    </message>
    <message>
        <source>The picture is not too bright</source>
        <translation>L’image n’est pas trop claire</translation>
    </message>
    <message>
        <source>The picture is too bright: turn away from the lamp or window.</source>
        <translation>L’image est trop claire&#xa0;: détournez-vous de la lampe ou de la fenêtre.</translation>
    </message>
    <message>
        <source>The light comes from the front</source>
        <translation>La lumière vient de face</translation>
    </message>
    <message>
        <source>The light is behind you: turn around.</source>
        <translation>La lumière est derrière vous&#xa0;: tournez-vous.</translation>
    </message>
    <message>
        <source>The picture is sharp</source>
        <translation>L’image est nette</translation>
    </message>
    <message>
        <source>The picture is blurred: wipe the lens and hold still while it focuses.</source>
        <translation>L’image est floue&#xa0;: essuyez l’objectif et ne bougez pas pendant la mise au point.</translation>
    </message>
    <message>
        <source>The lens is clean</source>
        <translation>L’objectif est propre</translation>
    </message>
    <message>
        <source>The lens seems dirty: wipe it with a soft cloth.</source>
        <translation>L’objectif semble sale&#xa0;: essuyez-le avec un chiffon doux.</translation>
    </message>
    <message>
        <source>The light is steady</source>
        <translation>La lumière est stable</translation>
    </message>
    <message>
        <source>The lamp makes the picture flicker: choose {hz} Hz in the camera settings or use another lamp.</source>
        <translation>La lampe fait scintiller l’image&#xa0;: choisissez {hz} Hz dans les réglages de la caméra ou prenez une autre lampe.</translation>
    </message>
    <message>
        <source>The picture is large enough</source>
        <translation>L’image est assez grande</translation>
    </message>
    <message>
        <source>This camera gives a small picture: choose another one if you have it.</source>
        <translation>Cette caméra donne une petite image&#xa0;: choisissez-en une autre si vous en avez.</translation>
    </message>
    <message>
        <source>The picture is upright</source>
        <translation>L’image est à l’endroit</translation>
    </message>
    <message>
        <source>The picture was turned, and nobody has said yet that it is right: press “Turn” until it is upright, then say that it is right.</source>
        <translation>L’image a été tournée et personne n’a encore dit qu’elle est droite&#xa0;: appuyez sur «&#xa0;Tourner&#xa0;» jusqu’à ce qu’elle soit droite, puis confirmez-le.</translation>
    </message>
    <message>
        <source>The USB connection is fast enough</source>
        <translation>La connexion USB est assez rapide</translation>
    </message>
    <message>
        <source>The USB connection is slow: use another socket, without a hub.</source>
        <translation>La connexion USB est lente&#xa0;: utilisez une autre prise, sans concentrateur.</translation>
    </message>
    <message>
        <source>Pictures come evenly</source>
        <translation>Les images arrivent régulièrement</translation>
    </message>
    <message>
        <source>The picture stutters: close other programs or change the USB socket.</source>
        <translation>L’image saccade&#xa0;: fermez d’autres programmes ou changez de prise USB.</translation>
    </message>
    <message>
        <source>The camera sees colour</source>
        <translation>La caméra voit en couleur</translation>
    </message>
    <message>
        <source>This is the face-recognition camera: choose the normal one.</source>
        <translation>C’est la caméra de reconnaissance faciale&#xa0;: choisissez la caméra normale.</translation>
    </message>
    <message>
        <source>The camera is a real one</source>
        <translation>La caméra est réelle</translation>
    </message>
    <message>
        <source>A virtual camera is selected: start its program or choose a real camera.</source>
        <translation>Une caméra virtuelle est sélectionnée&#xa0;: lancez son programme ou choisissez une vraie caméra.</translation>
    </message>
    <message>
        <source>It is your usual camera</source>
        <translation>C’est votre caméra habituelle</translation>
    </message>
    <message>
        <source>Your usual camera is not connected: we use {device}.</source>
        <translation>Votre caméra habituelle n’est pas branchée&#xa0;: nous utilisons {device}.</translation>
    </message>
    <message>
        <source>Liftbay answers quickly</source>
        <translation>Liftbay répond vite</translation>
    </message>
    <message>
        <source>Liftbay is slow at the moment: nothing to do on your side.</source>
        <translation>Liftbay est lent en ce moment&#xa0;: vous n’avez rien à faire.</translation>
    </message>
    <message>
        <source>No login page is in the way</source>
        <translation>Aucune page de connexion ne fait obstacle</translation>
    </message>
    <message>
        <source>This Wi-Fi wants a login first: open the browser and accept it.</source>
        <translation>Ce Wi-Fi demande d’abord une connexion&#xa0;: ouvrez le navigateur et acceptez-la.</translation>
    </message>
    <message>
        <source>No proxy is in the way</source>
        <translation>Aucun proxy ne fait obstacle</translation>
    </message>
    <message>
        <source>Your network uses a proxy: ask your IT to let Liftbay through.</source>
        <translation>Votre réseau utilise un proxy&#xa0;: demandez à votre service informatique de laisser passer Liftbay.</translation>
    </message>
    <message>
        <source>Nobody else reads the connection</source>
        <translation>Personne d’autre ne lit la connexion</translation>
    </message>
    <message>
        <source>A security program reads your connection: calls may fail in this network.</source>
        <translation>Un logiciel de sécurité lit votre connexion&#xa0;: les appels peuvent échouer dans ce réseau.</translation>
    </message>
    <message>
        <source>No VPN is in the way</source>
        <translation>Aucun VPN ne fait obstacle</translation>
    </message>
    <message>
        <source>A VPN is active: switch it off if the call stutters.</source>
        <translation>Un VPN est actif&#xa0;: désactivez-le si l’appel est saccadé.</translation>
    </message>
    <message>
        <source>Every way to Liftbay works</source>
        <translation>Tous les chemins vers Liftbay fonctionnent</translation>
    </message>
    <message>
        <source>Only one of IPv4 and IPv6 works here: nothing to do on your side, the other one is used.</source>
        <translation>Un seul des protocoles IPv4 et IPv6 fonctionne ici&#xa0;: vous n’avez rien à faire, l’autre est utilisé.</translation>
    </message>
    <message>
        <source>Large packets get through</source>
        <translation>Les gros paquets passent</translation>
    </message>
    <message>
        <source>Large packets get lost: restart the router or switch off the VPN.</source>
        <translation>Les gros paquets se perdent&#xa0;: redémarrez le routeur ou désactivez le VPN.</translation>
    </message>
    <message>
        <source>The network is not metered</source>
        <translation>Le réseau n’est pas facturé au volume</translation>
    </message>
    <message>
        <source>Nothing else is uploading</source>
        <translation>Rien d’autre n’envoie de données</translation>
    </message>
    <message>
        <source>You are on mobile data: a 45-minute call uses about 1.2 GB in full quality.</source>
        <translation>Vous utilisez des données mobiles&#xa0;: un appel de 45 minutes consomme environ 1,2 Go en pleine qualité.</translation>
    </message>
    <message>
        <source>The Wi-Fi is strong</source>
        <translation>Le Wi-Fi est bon</translation>
    </message>
    <message>
        <source>The Wi-Fi is weak: move closer to the router.</source>
        <translation>Le Wi-Fi est faible&#xa0;: rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>Another program is uploading: pause cloud backup or updates.</source>
        <translation>Un autre programme envoie des données&#xa0;: suspendez la sauvegarde en ligne ou les mises à jour.</translation>
    </message>
    <message>
        <source>You are signed in</source>
        <translation>Vous êtes connecté</translation>
    </message>
    <message>
        <source>You are not signed in any more: sign in again.</source>
        <translation>Vous n’êtes plus connecté&#xa0;: connectez-vous à nouveau.</translation>
    </message>
    <message>
        <source>The session is yours</source>
        <translation>La séance est la vôtre</translation>
    </message>
    <message>
        <source>This session belongs to another account: sign in with the account it was booked with.</source>
        <translation>Cette séance appartient à un autre compte&#xa0;: connectez-vous avec le compte de la réservation.</translation>
    </message>
    <message>
        <source>The session is open</source>
        <translation>La séance est ouverte</translation>
    </message>
    <message>
        <source>This session has ended; the report is in your history.</source>
        <translation>Cette séance est terminée&#xa0;; le compte rendu est dans votre historique.</translation>
    </message>
    <message>
        <source>It is time</source>
        <translation>C’est l’heure</translation>
    </message>
    <message>
        <source>Starts in {minutes} min: you can test now.</source>
        <translation>Commence dans {minutes} min&#xa0;: vous pouvez déjà tester.</translation>
    </message>
    <message>
        <source>You are not in the call elsewhere</source>
        <translation>Vous n’êtes pas dans l’appel ailleurs</translation>
    </message>
    <message>
        <source>You are in this call on another device: joining here ends it there.</source>
        <translation>Vous êtes déjà dans cet appel avec un autre appareil&#xa0;: le rejoindre ici y met fin là-bas.</translation>
    </message>
    <message>
        <source>The other side</source>
        <translation>L’autre côté</translation>
    </message>
    <message>
        <source>The other side is not there yet: wait for them.</source>
        <translation>L’autre côté n’est pas encore là&#xa0;: attendez-le.</translation>
    </message>
    <message>
        <source>Liftbay takes the result</source>
        <translation>Liftbay accepte le résultat</translation>
    </message>
    <message>
        <source>Liftbay did not take the result of these checks: try again in a moment.</source>
        <translation>Liftbay n’a pas accepté le résultat de ces contrôles&#xa0;: réessayez dans un instant.</translation>
    </message>
    <message>
        <source>not here yet</source>
        <translation>pas encore là</translation>
    </message>
    <message>
        <source>still checking</source>
        <translation>vérifie encore</translation>
    </message>
    <message>
        <source>fixing something</source>
        <translation>règle un problème</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>prêt</translation>
    </message>
    <message>
        <source>in the call</source>
        <translation>dans l’appel</translation>
    </message>
    <message>
        <source>The computer keeps up with the picture</source>
        <translation>L’ordinateur suit le rythme de l’image</translation>
    </message>
    <message>
        <source>Your computer is busy: close other programs; we send a smaller picture.</source>
        <translation>Votre ordinateur est très occupé&#xa0;: fermez d’autres programmes&#xa0;; nous envoyons une image plus petite.</translation>
    </message>
    <message>
        <source>The processor is free</source>
        <translation>Le processeur est libre</translation>
    </message>
    <message>
        <source>Your computer is slowed down by {program}: close it.</source>
        <translation>Votre ordinateur est ralenti par {program}&#xa0;: fermez-le.</translation>
    </message>
    <message>
        <source>Your computer is slowed down by other programs: close some.</source>
        <translation>Votre ordinateur est ralenti par d’autres programmes&#xa0;: fermez-en.</translation>
    </message>
    <message>
        <source>The computer stays awake</source>
        <translation>L’ordinateur reste éveillé</translation>
    </message>
    <message>
        <source>Your computer may fall asleep: raise the sleep time.</source>
        <translation>Votre ordinateur pourrait se mettre en veille&#xa0;: allongez le délai de mise en veille.</translation>
    </message>
    <message>
        <source>There is enough memory</source>
        <translation>Il y a assez de mémoire</translation>
    </message>
    <message>
        <source>Memory is short: close browser windows.</source>
        <translation>La mémoire est presque pleine&#xa0;: fermez des fenêtres du navigateur.</translation>
    </message>
    <message>
        <source>There is room on the disk</source>
        <translation>Il y a de la place sur le disque</translation>
    </message>
    <message>
        <source>The disk is nearly full: free some space.</source>
        <translation>Le disque est presque plein&#xa0;: libérez de la place.</translation>
    </message>
    <message>
        <source>The power lasts for the call</source>
        <translation>L’alimentation suffit pour l’appel</translation>
    </message>
    <message>
        <source>The battery may not last: plug in the charger.</source>
        <translation>La batterie pourrait ne pas tenir&#xa0;: branchez le chargeur.</translation>
    </message>
    <message>
        <source>The computer runs at full speed</source>
        <translation>L’ordinateur tourne à pleine vitesse</translation>
    </message>
    <message>
        <source>Energy saving makes the picture stutter: switch it off for the call.</source>
        <translation>L’économie d’énergie fait saccader l’image&#xa0;: désactivez-la pour l’appel.</translation>
    </message>
    <message>
        <source>The computer is cool enough</source>
        <translation>L’ordinateur n’est pas trop chaud</translation>
    </message>
    <message>
        <source>The computer is too hot: let it cool.</source>
        <translation>L’ordinateur est trop chaud&#xa0;: laissez-le refroidir.</translation>
    </message>
    <message>
        <source>The clock is right</source>
        <translation>L’horloge est à l’heure</translation>
    </message>
    <message>
        <source>The clock of your computer is wrong: switch on automatic time.</source>
        <translation>L’horloge de votre ordinateur n’est pas à l’heure&#xa0;: activez l’heure automatique.</translation>
    </message>
    <message>
        <source>The program is up to date</source>
        <translation>Le programme est à jour</translation>
    </message>
    <message>
        <source>This program or its system is out of date: update before the call.</source>
        <translation>Ce programme ou son système n’est plus à jour&#xa0;: mettez-le à jour avant l’appel.</translation>
    </message>
    <message>
        <source>The microphone is switched on</source>
        <translation>Le micro est activé</translation>
    </message>
    <message>
        <source>Your microphone is muted in the system: switch it on in the sound settings.</source>
        <translation>Votre micro est coupé dans le système&#xa0;: activez-le dans les réglages du son.</translation>
    </message>
    <message>
        <source>You are loud enough</source>
        <translation>Vous parlez assez fort</translation>
    </message>
    <message>
        <source>You are very quiet: move closer or raise the input volume.</source>
        <translation>On vous entend très peu&#xa0;: rapprochez-vous ou augmentez le volume d’entrée.</translation>
    </message>
    <message>
        <source>We heard you speak</source>
        <translation>Nous vous avons entendu parler</translation>
    </message>
    <message>
        <source>We did not hear you speak yet: say a few words.</source>
        <translation>Nous ne vous avons pas encore entendu parler&#xa0;: dites quelques mots.</translation>
    </message>
    <message>
        <source>You are not too loud</source>
        <translation>Vous ne parlez pas trop fort</translation>
    </message>
    <message>
        <source>Your voice is distorted: lower the input volume or move back a little.</source>
        <translation>Votre voix est déformée&#xa0;: baissez le volume d’entrée ou reculez un peu.</translation>
    </message>
    <message>
        <source>It is quiet around you</source>
        <translation>C’est calme autour de vous</translation>
    </message>
    <message>
        <source>It is loud around you: move away from machines or use a headset.</source>
        <translation>Il y a du bruit autour de vous&#xa0;: éloignez-vous des machines ou utilisez un casque.</translation>
    </message>
    <message>
        <source>There is no mains hum</source>
        <translation>Il n’y a pas de ronflement électrique</translation>
    </message>
    <message>
        <source>There is a mains hum: unplug the charger or try another socket.</source>
        <translation>Il y a un ronflement électrique&#xa0;: débranchez le chargeur ou essayez une autre prise.</translation>
    </message>
    <message>
        <source>The microphone input is clean</source>
        <translation>L’entrée du micro est saine</translation>
    </message>
    <message>
        <source>The microphone input is faulty: try another socket or a USB headset.</source>
        <translation>L’entrée du micro est défectueuse&#xa0;: essayez une autre prise ou un casque USB.</translation>
    </message>
    <message>
        <source>The sound has no gaps</source>
        <translation>Le son n’a pas de coupures</translation>
    </message>
    <message>
        <source>The sound has gaps: close other programs or unplug the USB hub.</source>
        <translation>Le son a des coupures&#xa0;: fermez d’autres programmes ou débranchez le hub USB.</translation>
    </message>
    <message>
        <source>The microphone runs at the right speed</source>
        <translation>Le micro fonctionne à la bonne vitesse</translation>
    </message>
    <message>
        <source>The microphone runs at a wrong speed: set it to 48 kHz in the sound settings.</source>
        <translation>Le micro fonctionne à une mauvaise vitesse&#xa0;: réglez-le sur 48 kHz dans les réglages du son.</translation>
    </message>
    <message>
        <source>The sound is full</source>
        <translation>Le son est complet</translation>
    </message>
    <message>
        <source>Your Bluetooth headset is in telephone quality: use a cable or the built-in microphone.</source>
        <translation>Votre casque Bluetooth est en qualité téléphone&#xa0;: utilisez un câble ou le micro intégré.</translation>
    </message>
    <message>
        <source>Both sides of the microphone work</source>
        <translation>Les deux côtés du micro fonctionnent</translation>
    </message>
    <message>
        <source>Only one side of the microphone works: we use the good side.</source>
        <translation>Un seul côté du micro fonctionne&#xa0;: nous utilisons le bon.</translation>
    </message>
    <message>
        <source>The two sides of the microphone agree</source>
        <translation>Les deux côtés du micro s’accordent</translation>
    </message>
    <message>
        <source>The two sides of the microphone cancel each other: we use one of them.</source>
        <translation>Les deux côtés du micro s’annulent&#xa0;: nous n’en utilisons qu’un.</translation>
    </message>
    <message>
        <source>It is your usual microphone</source>
        <translation>C’est votre micro habituel</translation>
    </message>
    <message>
        <source>{device} is now in use: choose another microphone if that is wrong.</source>
        <translation>{device} est maintenant utilisé&#xa0;: choisissez un autre micro si ce n’est pas le bon.</translation>
    </message>
    <message>
        <source>You hear yourself clearly</source>
        <translation>Vous vous entendez clairement</translation>
    </message>
    <message>
        <source>You did not hear yourself clearly: choose another microphone, or move closer to it.</source>
        <translation>Vous ne vous êtes pas entendu clairement&#xa0;: choisissez un autre micro ou rapprochez-vous de celui-ci.</translation>
    </message>
    <message>
        <source>The microphone is a real one</source>
        <translation>Le micro est un vrai micro</translation>
    </message>
    <message>
        <source>A virtual microphone is selected: choose a real one.</source>
        <translation>Un micro virtuel est sélectionné&#xa0;: choisissez-en un vrai.</translation>
    </message>
    <message>
        <source>The screen may be shared</source>
        <translation>L’écran peut être partagé</translation>
    </message>
    <message>
        <source>The screen may not be shared yet. A call works without that.</source>
        <translation>L’écran ne peut pas encore être partagé. Un appel marche sans cela.</translation>
    </message>
    <message>
        <source>The screen may not be shared yet. A call works without that; “Open settings” allows it.</source>
        <translation>L’écran ne peut pas encore être partagé. Un appel marche sans cela&#xa0;; «&#xa0;Ouvrir les réglages&#xa0;» l’autorise.</translation>
    </message>
    <message>
        <source>The screen cannot be captured: close protected video windows.</source>
        <translation>L’écran ne peut pas être capturé&#xa0;: fermez les fenêtres de vidéo protégée.</translation>
    </message>
    <message>
        <source>The screen can be captured</source>
        <translation>L’écran peut être capturé</translation>
    </message>
    <message>
        <source>A loudspeaker is connected</source>
        <translation>Un haut-parleur est branché</translation>
    </message>
    <message>
        <source>No loudspeaker was found: plug in headphones.</source>
        <translation>Aucun haut-parleur trouvé&#xa0;: branchez un casque.</translation>
    </message>
    <message>
        <source>The sound is turned up</source>
        <translation>Le son est assez fort</translation>
    </message>
    <message>
        <source>The sound of your computer is off or very low: turn it up.</source>
        <translation>Le son de votre ordinateur est coupé ou très faible&#xa0;: augmentez-le.</translation>
    </message>
    <message>
        <source>The loudspeaker plays</source>
        <translation>Le haut-parleur joue</translation>
    </message>
    <message>
        <source>The loudspeaker is used by {program}: close it.</source>
        <translation>Le haut-parleur est utilisé par {program}&#xa0;: fermez-le.</translation>
    </message>
    <message>
        <source>The loudspeaker is used by another program: close it, or choose another one.</source>
        <translation>Le haut-parleur est utilisé par un autre programme&#xa0;: fermez-le ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>You hear the loudspeaker</source>
        <translation>Vous entendez le haut-parleur</translation>
    </message>
    <message>
        <source>The beeps were not heard as they were played: choose another loudspeaker and try again.</source>
        <translation>Les bips n’ont pas été entendus comme ils ont été joués&#xa0;: choisissez un autre haut-parleur et réessayez.</translation>
    </message>
    <message>
        <source>Sound now comes from {device}: choose another one, if that is wrong.</source>
        <translation>Le son vient maintenant de {device}&#xa0;: choisissez-en un autre si ce n’est pas le bon.</translation>
    </message>
    <message>
        <source>There is no echo</source>
        <translation>Il n’y a pas d’écho</translation>
    </message>
    <message>
        <source>Others may hear an echo: use headphones or lower the volume.</source>
        <translation>Les autres peuvent entendre un écho&#xa0;: utilisez un casque ou baissez le volume.</translation>
    </message>
    <message>
        <source>The sound is on time</source>
        <translation>Le son arrive à temps</translation>
    </message>
    <message>
        <source>The sound is late: use a cable instead of Bluetooth.</source>
        <translation>Le son arrive en retard&#xa0;: utilisez un câble plutôt que le Bluetooth.</translation>
    </message>
    <message>
        <source>The headset plays in full quality</source>
        <translation>Le casque joue en pleine qualité</translation>
    </message>
    <message>
        <source>The headset switched to telephone quality: use the built-in microphone.</source>
        <translation>Le casque est passé en qualité téléphone&#xa0;: utilisez le micro intégré.</translation>
    </message>
    <message>
        <source>Sound comes from the usual loudspeaker</source>
        <translation>Le son vient du haut-parleur habituel</translation>
    </message>
    <message>
        <source>Not measured: it could not be told this time</source>
        <translation>Non mesuré&#xa0;: impossible à déterminer cette fois</translation>
    </message>
    <message>
        <source>Not measured: there was too little sound</source>
        <translation>Non mesuré&#xa0;: il y avait trop peu de son</translation>
    </message>
    <message>
        <source>Not measured: there was too little to see</source>
        <translation>Non mesuré&#xa0;: il y avait trop peu à voir</translation>
    </message>
    <message>
        <source>Not measured: there was no test call</source>
        <translation>Non mesuré&#xa0;: il n’y a pas eu d’appel d’essai</translation>
    </message>
    <message>
        <source>Not measured: this system does not tell it</source>
        <translation>Non mesuré&#xa0;: ce système ne l’indique pas</translation>
    </message>
    <message>
        <source>Not measured: nobody is signed in</source>
        <translation>Non mesuré&#xa0;: personne n’est connecté</translation>
    </message>
    <message>
        <source>Not measured: the service does not offer it</source>
        <translation>Non mesuré&#xa0;: le service ne le propose pas</translation>
    </message>
    <message>
        <source>Not measured: it would use up paid data</source>
        <translation>Non mesuré&#xa0;: cela consommerait des données payantes</translation>
    </message>
    <message>
        <source>Not measured: the call began</source>
        <translation>Non mesuré&#xa0;: l’appel a commencé</translation>
    </message>
    <message>
        <source>Not measured: the check was left</source>
        <translation>Non mesuré&#xa0;: le contrôle a été quitté</translation>
    </message>
    <message>
        <source>Not measured: nobody was asked</source>
        <translation>Non mesuré&#xa0;: personne n’a été interrogé</translation>
    </message>
    <message>
        <source>Not measured: the computer was too busy</source>
        <translation>Non mesuré&#xa0;: l’ordinateur était trop occupé</translation>
    </message>
    <message>
        <source>Not measured: the picture was too dark</source>
        <translation>Non mesuré&#xa0;: l’image était trop sombre</translation>
    </message>
    <message>
        <source>The camera takes long to start: plug it directly into the computer, without a hub.</source>
        <translation>La caméra met longtemps à démarrer&#xa0;: branchez-la directement sur l’ordinateur, sans concentrateur.</translation>
    </message>
    <message>
        <source>The first picture of the camera comes late: plug it directly into the computer, without a hub.</source>
        <translation>La première image de la caméra arrive tard&#xa0;: branchez-la directement sur l’ordinateur, sans concentrateur.</translation>
    </message>
    <message>
        <source>The microphone takes long to start: close other programs that use sound.</source>
        <translation>Le micro met longtemps à démarrer&#xa0;: fermez les autres programmes qui utilisent le son.</translation>
    </message>
    <message>
        <source>The sound of the microphone comes late or with gaps: close other programs, or use another socket.</source>
        <translation>Le son du micro arrive tard ou avec des trous&#xa0;: fermez d’autres programmes ou changez de prise.</translation>
    </message>
    <message>
        <source>The address of Liftbay is found slowly: calls work; restart the router, if it stays so.</source>
        <translation>L’adresse de Liftbay est trouvée lentement&#xa0;: les appels fonctionnent&#xa0;; redémarrez le routeur si cela continue.</translation>
    </message>
    <message>
        <source>The address of Liftbay cannot be found: check that you are on the internet.</source>
        <translation>L’adresse de Liftbay est introuvable&#xa0;: vérifiez que vous êtes connecté à internet.</translation>
    </message>
    <message>
        <source>No connection to Liftbay comes about: check that you are on the internet, or try another network.</source>
        <translation>Aucune connexion avec Liftbay ne s’établit&#xa0;: vérifiez que vous êtes connecté à internet ou essayez un autre réseau.</translation>
    </message>
    <message>
        <source>The connection to Liftbay is not secure, so it is not used: a program or this network may show another certificate, try another network or ask your IT.</source>
        <translation>La connexion avec Liftbay n’est pas sûre, elle n’est donc pas utilisée&#xa0;: un programme ou ce réseau présente peut-être un autre certificat, essayez un autre réseau ou demandez à votre informaticien.</translation>
    </message>
    <message>
        <source>The clock of your computer seems to be wrong, so no secure connection comes about: switch on automatic time.</source>
        <translation>L’horloge de votre ordinateur ne semble pas à l’heure, aucune connexion sûre ne s’établit donc&#xa0;: activez l’heure automatique.</translation>
    </message>
    <message>
        <source>An answer of Liftbay got lost on the way: use a cable or move closer to the router.</source>
        <translation>Une réponse de Liftbay s’est perdue en route&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>Answers of Liftbay get lost on the way: use a cable or move closer to the router.</source>
        <translation>Des réponses de Liftbay se perdent en route&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>Liftbay does not answer in time: move closer to the router or try another network.</source>
        <translation>Liftbay ne répond pas à temps&#xa0;: rapprochez-vous du routeur ou essayez un autre réseau.</translation>
    </message>
    <message>
        <source>The call server takes long to answer: use a cable or move closer to the router.</source>
        <translation>Le serveur d’appel met longtemps à répondre&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>It takes long until a call is connected: use a cable or move closer to the router.</source>
        <translation>Un appel met longtemps à se connecter&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>Your network uses a proxy: nothing to do, it lets calls through.</source>
        <translation>Votre réseau utilise un proxy&#xa0;: rien à faire, il laisse passer les appels.</translation>
    </message>
    <message>
        <source>The picture comes late or stops for moments: use a cable or move closer to the router.</source>
        <translation>L’image arrive tard ou s’arrête par moments&#xa0;: utilisez un câble ou rapprochez-vous du routeur.</translation>
    </message>
    <message>
        <source>Your voice reaches the call with gaps or noise: speak closer to the microphone, or choose another one.</source>
        <translation>Votre voix arrive dans l’appel avec des trous ou du bruit&#xa0;: parlez plus près du micro ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Your picture reaches the call, but stutters: close other programs, or choose another camera.</source>
        <translation>Votre image arrive dans l’appel, mais saccadée&#xa0;: fermez d’autres programmes ou choisissez une autre caméra.</translation>
    </message>
    <message>
        <source>One way through strict networks is missing: tell support, if calls break off.</source>
        <translation>Un passage à travers les réseaux stricts manque&#xa0;: prévenez l’assistance si des appels sont coupés.</translation>
    </message>
    <message>
        <source>After a short break the call takes some seconds to come back: stay close to the router.</source>
        <translation>Après une courte coupure, l’appel met quelques secondes à revenir&#xa0;: restez près du routeur.</translation>
    </message>
    <message>
        <source>After a short break the microphone may be on again: look at its button then.</source>
        <translation>Après une courte coupure, le micro peut être de nouveau ouvert&#xa0;: regardez alors son bouton.</translation>
    </message>
    <message>
        <source>The disk is filling up: make room, a long recording may not fit.</source>
        <translation>Le disque se remplit&#xa0;: faites de la place, un long enregistrement pourrait ne pas tenir.</translation>
    </message>
    <message>
        <source>The computer is getting hot: let it cool.</source>
        <translation>L’ordinateur chauffe&#xa0;: laissez-le refroidir.</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micro</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>Haut-parleur</translation>
    </message>
    <message>
        <source>Other cameras</source>
        <translation>Autres caméras</translation>
    </message>
    <message>
        <source>Other microphones</source>
        <translation>Autres micros</translation>
    </message>
    <message>
        <source>Other loudspeakers</source>
        <translation>Autres haut-parleurs</translation>
    </message>
    <message>
        <source>Connected by</source>
        <translation>Connexion par</translation>
    </message>
    <message>
        <source>Way to the call server</source>
        <translation>Chemin vers le serveur d’appel</translation>
    </message>
    <message>
        <source>Internet protocol</source>
        <translation>Protocole internet</translation>
    </message>
    <message>
        <source>Answers over IPv4</source>
        <translation>Répond en IPv4</translation>
    </message>
    <message>
        <source>Answers over IPv6</source>
        <translation>Répond en IPv6</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>VPN</source>
        <translation>VPN</translation>
    </message>
    <message>
        <source>Login page in the way</source>
        <translation>Page de connexion en travers</translation>
    </message>
    <message>
        <source>Metered</source>
        <translation>Connexion limitée</translation>
    </message>
    <message>
        <source>Region of the call server</source>
        <translation>Région du serveur d’appel</translation>
    </message>
    <message>
        <source>Rung of the ladder (0: sound only)</source>
        <translation>Échelon (0&#xa0;: son seul)</translation>
    </message>
    <message>
        <source>Width, pixels</source>
        <translation>Largeur, pixels</translation>
    </message>
    <message>
        <source>Height, pixels</source>
        <translation>Hauteur, pixels</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Picture, kbit/s</source>
        <translation>Image, kbit/s</translation>
    </message>
    <message>
        <source>Sound only was offered</source>
        <translation>Son seul proposé</translation>
    </message>
    <message>
        <source>Because of</source>
        <translation>En raison de</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Système</translation>
    </message>
    <message>
        <source>Version of the system</source>
        <translation>Version du système</translation>
    </message>
    <message>
        <source>Kind of processor</source>
        <translation>Type de processeur</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processeur</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>Cœurs du processeur</translation>
    </message>
    <message>
        <source>Memory, MB</source>
        <translation>Mémoire, Mo</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>Alimentation</translation>
    </message>
    <message>
        <source>Liftbay</source>
        <translation>Liftbay</translation>
    </message>
    <message>
        <source>LiveKit library</source>
        <translation>Bibliothèque LiveKit</translation>
    </message>
    <message>
        <source>Qt library</source>
        <translation>Bibliothèque Qt</translation>
    </message>
    <message>
        <source>OpenCV library</source>
        <translation>Bibliothèque OpenCV</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>upload not measured</source>
        <translation>débit montant non mesuré</translation>
    </message>
    <message>
        <source>what the other side can receive</source>
        <translation>ce que l’autre côté peut recevoir</translation>
    </message>
    <message>
        <source>mains</source>
        <translation>secteur</translation>
    </message>
    <message>
        <source>battery</source>
        <translation>batterie</translation>
    </message>
    <message>
        <source>cable</source>
        <translation>câble</translation>
    </message>
    <message>
        <source>Wi-Fi</source>
        <translation>Wi-Fi</translation>
    </message>
    <message>
        <source>mobile network</source>
        <translation>réseau mobile</translation>
    </message>
    <message>
        <source>this computer itself</source>
        <translation>cet ordinateur même</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>granted</source>
        <translation>accordée</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>refusée</translation>
    </message>
    <message>
        <source>restricted</source>
        <translation>restreinte</translation>
    </message>
    <message>
        <source>not asked yet</source>
        <translation>pas encore demandée</translation>
    </message>
    <message>
        <source>full</source>
        <translation>complète</translation>
    </message>
    <message>
        <source>wide</source>
        <translation>large</translation>
    </message>
    <message>
        <source>narrow</source>
        <translation>étroite</translation>
    </message>
    <message>
        <source>one channel</source>
        <translation>un seul canal</translation>
    </message>
    <message>
        <source>two channels</source>
        <translation>deux canaux</translation>
    </message>
    <message>
        <source>left</source>
        <translation>gauche</translation>
    </message>
    <message>
        <source>right</source>
        <translation>droite</translation>
    </message>
    <message>
        <source>as expected</source>
        <translation>comme prévu</translation>
    </message>
    <message>
        <source>excellent</source>
        <translation>excellente</translation>
    </message>
    <message>
        <source>good</source>
        <translation>bonne</translation>
    </message>
    <message>
        <source>poor</source>
        <translation>mauvaise</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>perdue</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>normal</translation>
    </message>
    <message>
        <source>warm</source>
        <translation>tiède</translation>
    </message>
    <message>
        <source>hot</source>
        <translation>chaud</translation>
    </message>
    <message>
        <source>very hot</source>
        <translation>très chaud</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>prêt</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>absent</translation>
    </message>
    <message>
        <source>always</source>
        <translation>toujours</translation>
    </message>
    <message>
        <source>the other side</source>
        <translation>l’autre côté</translation>
    </message>
    <message>
        <source>this side</source>
        <translation>ce côté</translation>
    </message>
    <message>
        <source>two equal channels</source>
        <translation>deux canaux identiques</translation>
    </message>
    <message>
        <source>led to another page</source>
        <translation>renvoi vers une autre page</translation>
    </message>
    <message>
        <source>asked for a login</source>
        <translation>demande une connexion</translation>
    </message>
    <message>
        <source>another page</source>
        <translation>une autre page</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>vérifie</translation>
    </message>
    <message>
        <source>fixing something</source>
        <translation>règle un problème</translation>
    </message>
    <message>
        <source>in the call</source>
        <translation>dans l’appel</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>introuvable</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>occupé</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>refusé</translation>
    </message>
    <message>
        <source>sends nothing</source>
        <translation>n’envoie rien</translation>
    </message>
    <message>
        <source>unplugged</source>
        <translation>débranché</translation>
    </message>
    <message>
        <source>too old</source>
        <translation>trop ancien</translation>
    </message>
    <message>
        <source>settings of the environment</source>
        <translation>variables d’environnement</translation>
    </message>
    <message>
        <source>Devices looked for</source>
        <translation>Recherche d’appareils</translation>
    </message>
    <message>
        <source>Camera opens</source>
        <translation>Ouverture de la caméra</translation>
    </message>
    <message>
        <source>First picture</source>
        <translation>Première image</translation>
    </message>
    <message>
        <source>Microphone opens</source>
        <translation>Ouverture du micro</translation>
    </message>
    <message>
        <source>First sound</source>
        <translation>Premier son</translation>
    </message>
    <message>
        <source>Name looked up</source>
        <translation>Recherche du nom</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Chiffrement</translation>
    </message>
    <message>
        <source>First answer</source>
        <translation>Première réponse</translation>
    </message>
    <message>
        <source>Signalling opens</source>
        <translation>Ouverture du signal</translation>
    </message>
    <message>
        <source>Server lets in</source>
        <translation>Entrée au serveur</translation>
    </message>
    <message>
        <source>Call connects</source>
        <translation>Connexion d’appel</translation>
    </message>
    <message>
        <source>Picture is sent</source>
        <translation>Envoi de l’image</translation>
    </message>
    <message>
        <source>Picture comes back</source>
        <translation>Retour de l’image</translation>
    </message>
    <message>
        <source>Signalling again</source>
        <translation>Reprise du signal</translation>
    </message>
    <message>
        <source>All connected again</source>
        <translation>Reprise complète</translation>
    </message>
    <message>
        <source>keys and passwords</source>
        <translation>clés et mots de passe</translation>
    </message>
    <message>
        <source>e-mail addresses</source>
        <translation>adresses e-mail</translation>
    </message>
    <message>
        <source>folders with a name</source>
        <translation>dossiers portant un nom</translation>
    </message>
    <message>
        <source>serial numbers</source>
        <translation>numéros de série</translation>
    </message>
    <message>
        <source>names of networks</source>
        <translation>noms de réseaux</translation>
    </message>
    <message>
        <source>network addresses</source>
        <translation>adresses réseau</translation>
    </message>
    <message>
        <source>names on devices</source>
        <translation>noms sur les appareils</translation>
    </message>
    <message>
        <source>names of people</source>
        <translation>noms de personnes</translation>
    </message>
    <message>
        <source>user names</source>
        <translation>noms d’utilisateur</translation>
    </message>
    <message>
        <source>names of computers</source>
        <translation>noms d’ordinateurs</translation>
    </message>
    <message>
        <source>names of programs</source>
        <translation>noms de programmes</translation>
    </message>
    <message>
        <source>pictures and other content</source>
        <translation>images et autres contenus</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>cameras</source>
        <translation>caméras</translation>
    </message>
    <message>
        <source>permission</source>
        <translation>autorisation</translation>
    </message>
    <message>
        <source>in use by another program</source>
        <translation>utilisé par un autre programme</translation>
    </message>
    <message>
        <source>begun before that</source>
        <translation>commencé avant</translation>
    </message>
    <message>
        <source>entry checked in</source>
        <translation>entrée contrôlée en</translation>
    </message>
    <message>
        <source>found after</source>
        <translation>trouvé après</translation>
    </message>
    <message>
        <source>opens</source>
        <translation>s’ouvre</translation>
    </message>
    <message>
        <source>opened after</source>
        <translation>ouvert après</translation>
    </message>
    <message>
        <source>first picture after</source>
        <translation>première image après</translation>
    </message>
    <message>
        <source>unchanged for</source>
        <translation>inchangé pendant</translation>
    </message>
    <message>
        <source>spread of the colours</source>
        <translation>étendue des couleurs</translation>
    </message>
    <message>
        <source>mean brightness</source>
        <translation>luminosité moyenne</translation>
    </message>
    <message>
        <source>structure</source>
        <translation>structure</translation>
    </message>
    <message>
        <source>pictures looked at</source>
        <translation>images examinées</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>image</translation>
    </message>
    <message>
        <source>pictures a second</source>
        <translation>images par seconde</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>branché</translation>
    </message>
    <message>
        <source>microphones</source>
        <translation>micros</translation>
    </message>
    <message>
        <source>first sound after</source>
        <translation>premier son après</translation>
    </message>
    <message>
        <source>share that arrived</source>
        <translation>part arrivée</translation>
    </message>
    <message>
        <source>sound</source>
        <translation>son</translation>
    </message>
    <message>
        <source>name looked up in</source>
        <translation>nom trouvé en</translation>
    </message>
    <message>
        <source>name was found</source>
        <translation>nom trouvé</translation>
    </message>
    <message>
        <source>connection was made</source>
        <translation>connexion établie</translation>
    </message>
    <message>
        <source>certificate is good</source>
        <translation>certificat valable</translation>
    </message>
    <message>
        <source>service is well</source>
        <translation>service en ordre</translation>
    </message>
    <message>
        <source>answers lost</source>
        <translation>réponses perdues</translation>
    </message>
    <message>
        <source>answer time (median)</source>
        <translation>temps de réponse (médiane)</translation>
    </message>
    <message>
        <source>answer time (95 of 100)</source>
        <translation>temps de réponse (95 sur 100)</translation>
    </message>
    <message>
        <source>answers timed</source>
        <translation>réponses mesurées</translation>
    </message>
    <message>
        <source>call server lets in</source>
        <translation>admis au serveur d’appel</translation>
    </message>
    <message>
        <source>let in after</source>
        <translation>admis après</translation>
    </message>
    <message>
        <source>call connects</source>
        <translation>appel établi</translation>
    </message>
    <message>
        <source>call connected after</source>
        <translation>appel établi après</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>changé</translation>
    </message>
    <message>
        <source>share that is too bright</source>
        <translation>part trop claire</translation>
    </message>
    <message>
        <source>brightness at the border</source>
        <translation>luminosité au bord</translation>
    </message>
    <message>
        <source>brightness in the middle</source>
        <translation>luminosité au centre</translation>
    </message>
    <message>
        <source>sharpness</source>
        <translation>netteté</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>contraste</translation>
    </message>
    <message>
        <source>depth of the flicker</source>
        <translation>force du scintillement</translation>
    </message>
    <message>
        <source>share that flickers</source>
        <translation>part qui scintille</translation>
    </message>
    <message>
        <source>long side</source>
        <translation>grand côté</translation>
    </message>
    <message>
        <source>short side</source>
        <translation>petit côté</translation>
    </message>
    <message>
        <source>upright</source>
        <translation>à l’endroit</translation>
    </message>
    <message>
        <source>slow USB connection</source>
        <translation>port USB lent</translation>
    </message>
    <message>
        <source>share of pictures dropped</source>
        <translation>part d’images perdues</translation>
    </message>
    <message>
        <source>infrared camera</source>
        <translation>caméra infrarouge</translation>
    </message>
    <message>
        <source>not a real device</source>
        <translation>pas un vrai appareil</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>coupé</translation>
    </message>
    <message>
        <source>level</source>
        <translation>niveau</translation>
    </message>
    <message>
        <source>a voice was heard</source>
        <translation>une voix a été entendue</translation>
    </message>
    <message>
        <source>level of the voice</source>
        <translation>niveau de la voix</translation>
    </message>
    <message>
        <source>distorted passages a second</source>
        <translation>passages saturés par seconde</translation>
    </message>
    <message>
        <source>level of the noise</source>
        <translation>niveau du bruit</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>réponse</translation>
    </message>
    <message>
        <source>kind of processor</source>
        <translation>type de processeur</translation>
    </message>
    <message>
        <source>samples at the limit a second</source>
        <translation>échantillons au maximum par seconde</translation>
    </message>
    <message>
        <source>flicker that cannot be seen at</source>
        <translation>scintillement invisible à</translation>
    </message>
    <message>
        <source>told by</source>
        <translation>indiqué par</translation>
    </message>
    <message>
        <source>told by the driver</source>
        <translation>indiqué par le pilote</translation>
    </message>
    <message>
        <source>told by the name</source>
        <translation>indiqué par le nom</translation>
    </message>
    <message>
        <source>call server behind a proxy</source>
        <translation>serveur d’appel derrière un proxy</translation>
    </message>
    <message>
        <source>pictures a second that were sent</source>
        <translation>images par seconde envoyées</translation>
    </message>
    <message>
        <source>kind of address</source>
        <translation>type d’adresse</translation>
    </message>
    <message>
        <source>spread of the hues</source>
        <translation>dispersion des teintes</translation>
    </message>
    <message>
        <source>gaps by the clock</source>
        <translation>trous selon l’horloge</translation>
    </message>
    <message>
        <source>cured</source>
        <translation>réparé</translation>
    </message>
    <message>
        <source>days ago</source>
        <translation>il y a (jours)</translation>
    </message>
    <message>
        <source>delay (95 of 100)</source>
        <translation>retard (95 sur 100)</translation>
    </message>
    <message>
        <source>device</source>
        <translation>appareil</translation>
    </message>
    <message>
        <source>other download</source>
        <translation>autre débit descendant</translation>
    </message>
    <message>
        <source>pictures dropped</source>
        <translation>images perdues</translation>
    </message>
    <message>
        <source>encoder</source>
        <translation>encodeur</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>précision</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>défaut</translation>
    </message>
    <message>
        <source>likeness in detail</source>
        <translation>ressemblance en détail</translation>
    </message>
    <message>
        <source>format of the picture</source>
        <translation>format de l’image</translation>
    </message>
    <message>
        <source>pictures a second afterwards</source>
        <translation>images par seconde ensuite</translation>
    </message>
    <message>
        <source>pictures decoded</source>
        <translation>images décodées</translation>
    </message>
    <message>
        <source>full reconnect begun before that</source>
        <translation>reconnexion complète commencée avant</translation>
    </message>
    <message>
        <source>full reconnect took</source>
        <translation>durée de la reconnexion complète</translation>
    </message>
    <message>
        <source>C library</source>
        <translation>bibliothèque C</translation>
    </message>
    <message>
        <source>has a battery</source>
        <translation>a une batterie</translation>
    </message>
    <message>
        <source>used by</source>
        <translation>utilisé par</translation>
    </message>
    <message>
        <source>gaps between pictures looked at</source>
        <translation>intervalles examinés</translation>
    </message>
    <message>
        <source>pictures that were none</source>
        <translation>images non valables</translation>
    </message>
    <message>
        <source>answers over IPv4</source>
        <translation>répond en IPv4</translation>
    </message>
    <message>
        <source>answers over IPv6</source>
        <translation>répond en IPv6</translation>
    </message>
    <message>
        <source>came back after</source>
        <translation>revenu après</translation>
    </message>
    <message>
        <source>channels</source>
        <translation>canaux</translation>
    </message>
    <message>
        <source>plays what the computer plays</source>
        <translation>reprend le son de l’ordinateur</translation>
    </message>
    <message>
        <source>louder side</source>
        <translation>côté le plus fort</translation>
    </message>
    <message>
        <source>louder side at</source>
        <translation>côté le plus fort à</translation>
    </message>
    <message>
        <source>at least that much</source>
        <translation>au moins autant</translation>
    </message>
    <message>
        <source>brightness off by</source>
        <translation>écart de luminosité</translation>
    </message>
    <message>
        <source>mains frequency</source>
        <translation>fréquence du secteur</translation>
    </message>
    <message>
        <source>measured days ago</source>
        <translation>mesuré il y a (jours)</translation>
    </message>
    <message>
        <source>connected by</source>
        <translation>connexion par</translation>
    </message>
    <message>
        <source>oldest version that works</source>
        <translation>plus ancienne version acceptée</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>minutes</translation>
    </message>
    <message>
        <source>minutes left</source>
        <translation>minutes restantes</translation>
    </message>
    <message>
        <source>minutes needed</source>
        <translation>minutes nécessaires</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>en miroir</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>absent</translation>
    </message>
    <message>
        <source>fall above 4 kHz</source>
        <translation>chute au-dessus de 4 kHz</translation>
    </message>
    <message>
        <source>offered</source>
        <translation>proposé</translation>
    </message>
    <message>
        <source>on mains</source>
        <translation>sur secteur</translation>
    </message>
    <message>
        <source>voice above noise</source>
        <translation>voix au-dessus du bruit</translation>
    </message>
    <message>
        <source>moments that overflowed</source>
        <translation>moments de débordement</translation>
    </message>
    <message>
        <source>overflows</source>
        <translation>débordements</translation>
    </message>
    <message>
        <source>rate of the device</source>
        <translation>fréquence de l’appareil</translation>
    </message>
    <message>
        <source>packets</source>
        <translation>paquets</translation>
    </message>
    <message>
        <source>clearness of the echo</source>
        <translation>netteté de l’écho</translation>
    </message>
    <message>
        <source>saves power</source>
        <translation>économe en énergie</translation>
    </message>
    <message>
        <source>hum above its surroundings</source>
        <translation>ronflement au-dessus de l’entourage</translation>
    </message>
    <message>
        <source>protocol</source>
        <translation>protocole</translation>
    </message>
    <message>
        <source>proxy told by</source>
        <translation>proxy indiqué par</translation>
    </message>
    <message>
        <source>sent after</source>
        <translation>envoyé après</translation>
    </message>
    <message>
        <source>quality of the sender</source>
        <translation>qualité de l’émetteur</translation>
    </message>
    <message>
        <source>quality of the receiver</source>
        <translation>qualité du récepteur</translation>
    </message>
    <message>
        <source>quieter side at</source>
        <translation>côté le plus faible à</translation>
    </message>
    <message>
        <source>sampling rate</source>
        <translation>fréquence d’échantillonnage</translation>
    </message>
    <message>
        <source>kind of address of the relay</source>
        <translation>type d’adresse du relais</translation>
    </message>
    <message>
        <source>relay connected after</source>
        <translation>relais connecté après</translation>
    </message>
    <message>
        <source>protocol to the relay</source>
        <translation>protocole vers le relais</translation>
    </message>
    <message>
        <source>remembered</source>
        <translation>retenu</translation>
    </message>
    <message>
        <source>seconds measured</source>
        <translation>secondes mesurées</translation>
    </message>
    <message>
        <source>seconds sent</source>
        <translation>secondes envoyées</translation>
    </message>
    <message>
        <source>time in the service</source>
        <translation>temps dans le service</translation>
    </message>
    <message>
        <source>service behind a proxy</source>
        <translation>service derrière un proxy</translation>
    </message>
    <message>
        <source>version of the service</source>
        <translation>version du service</translation>
    </message>
    <message>
        <source>signalling begun before that</source>
        <translation>signalisation commencée avant</translation>
    </message>
    <message>
        <source>signalling again after</source>
        <translation>signalisation rétablie après</translation>
    </message>
    <message>
        <source>silent for</source>
        <translation>silencieux pendant</translation>
    </message>
    <message>
        <source>answers that got stuck</source>
        <translation>réponses bloquées</translation>
    </message>
    <message>
        <source>share without sound</source>
        <translation>part sans son</translation>
    </message>
    <message>
        <source>status</source>
        <translation>statut</translation>
    </message>
    <message>
        <source>picture that never changes</source>
        <translation>image qui ne change jamais</translation>
    </message>
    <message>
        <source>loss of the test stream</source>
        <translation>perte du flux d’essai</translation>
    </message>
    <message>
        <source>packets of the test stream</source>
        <translation>paquets du flux d’essai</translation>
    </message>
    <message>
        <source>system</source>
        <translation>système</translation>
    </message>
    <message>
        <source>kind of address over TCP</source>
        <translation>type d’adresse en TCP</translation>
    </message>
    <message>
        <source>packets over TCP</source>
        <translation>paquets en TCP</translation>
    </message>
    <message>
        <source>protocol of the fallback</source>
        <translation>protocole du repli</translation>
    </message>
    <message>
        <source>side that connects over TCP</source>
        <translation>côté qui se connecte en TCP</translation>
    </message>
    <message>
        <source>slowed down by heat</source>
        <translation>ralenti par la chaleur</translation>
    </message>
    <message>
        <source>share of the busiest program</source>
        <translation>part du programme le plus actif</translation>
    </message>
    <message>
        <source>turned by (degrees)</source>
        <translation>tourné de (degrés)</translation>
    </message>
    <message>
        <source>loss over UDP</source>
        <translation>perte en UDP</translation>
    </message>
    <message>
        <source>version of the program</source>
        <translation>version du programme</translation>
    </message>
    <message>
        <source>VPN told by</source>
        <translation>VPN indiqué par</translation>
    </message>
    <message>
        <source>why</source>
        <translation>pourquoi</translation>
    </message>
    <message>
        <source>fall above 8 kHz</source>
        <translation>chute au-dessus de 8 kHz</translation>
    </message>
    <message>
        <source>written in</source>
        <translation>écrit en</translation>
    </message>
    <message>
        <source>runs of zeros</source>
        <translation>suites de zéros</translation>
    </message>
    <message>
        <source>somebody spoke</source>
        <translation>quelqu’un a parlé</translation>
    </message>
    <message>
        <source>level of the hum</source>
        <translation>niveau du ronflement</translation>
    </message>
    <message>
        <source>constant part</source>
        <translation>part continue</translation>
    </message>
    <message>
        <source>constant part stays</source>
        <translation>part continue stable</translation>
    </message>
    <message>
        <source>gaps</source>
        <translation>trous</translation>
    </message>
    <message>
        <source>off the right rate by</source>
        <translation>écart de fréquence</translation>
    </message>
    <message>
        <source>band</source>
        <translation>bande</translation>
    </message>
    <message>
        <source>one side is dead</source>
        <translation>un côté est muet</translation>
    </message>
    <message>
        <source>likeness</source>
        <translation>ressemblance</translation>
    </message>
    <message>
        <source>confirmed by the person</source>
        <translation>confirmé par la personne</translation>
    </message>
    <message>
        <source>loudspeakers</source>
        <translation>haut-parleurs</translation>
    </message>
    <message>
        <source>volume</source>
        <translation>volume</translation>
    </message>
    <message>
        <source>sound can be played</source>
        <translation>le son peut être joué</translation>
    </message>
    <message>
        <source>nothing was heard</source>
        <translation>rien n’a été entendu</translation>
    </message>
    <message>
        <source>wrong answers</source>
        <translation>mauvaises réponses</translation>
    </message>
    <message>
        <source>microphone hears the loudspeaker</source>
        <translation>le micro entend le haut-parleur</translation>
    </message>
    <message>
        <source>loudness of the echo</source>
        <translation>force de l’écho</translation>
    </message>
    <message>
        <source>delay</source>
        <translation>retard</translation>
    </message>
    <message>
        <source>telephone quality</source>
        <translation>qualité téléphone</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>permis</translation>
    </message>
    <message>
        <source>spread of the brightness</source>
        <translation>étendue de la luminosité</translation>
    </message>
    <message>
        <source>unevenness</source>
        <translation>irrégularité</translation>
    </message>
    <message>
        <source>share of the time in the service</source>
        <translation>part du temps dans le service</translation>
    </message>
    <message>
        <source>login page in the way</source>
        <translation>page de connexion en travers</translation>
    </message>
    <message>
        <source>proxy</source>
        <translation>proxy</translation>
    </message>
    <message>
        <source>call server is blocked</source>
        <translation>serveur d’appel bloqué</translation>
    </message>
    <message>
        <source>a program reads along</source>
        <translation>un programme lit au passage</translation>
    </message>
    <message>
        <source>VPN</source>
        <translation>VPN</translation>
    </message>
    <message>
        <source>one protocol is broken</source>
        <translation>un protocole en panne</translation>
    </message>
    <message>
        <source>large packets vanish</source>
        <translation>les grands paquets disparaissent</translation>
    </message>
    <message>
        <source>metered</source>
        <translation>limité</translation>
    </message>
    <message>
        <source>Wi-Fi signal</source>
        <translation>signal Wi-Fi</translation>
    </message>
    <message>
        <source>other upload</source>
        <translation>autre débit montant</translation>
    </message>
    <message>
        <source>upload</source>
        <translation>débit montant</translation>
    </message>
    <message>
        <source>download</source>
        <translation>débit descendant</translation>
    </message>
    <message>
        <source>full speed after</source>
        <translation>plein débit après</translation>
    </message>
    <message>
        <source>round trip</source>
        <translation>aller-retour</translation>
    </message>
    <message>
        <source>loss on the way down</source>
        <translation>perte à la descente</translation>
    </message>
    <message>
        <source>loss on the way up</source>
        <translation>perte à la montée</translation>
    </message>
    <message>
        <source>second worst burst of loss</source>
        <translation>deuxième pire rafale de pertes</translation>
    </message>
    <message>
        <source>worst burst of loss</source>
        <translation>pire rafale de pertes</translation>
    </message>
    <message>
        <source>out of order</source>
        <translation>dans le désordre</translation>
    </message>
    <message>
        <source>quality of the voice (MOS)</source>
        <translation>qualité de la voix (MOS)</translation>
    </message>
    <message>
        <source>time held back by the line</source>
        <translation>temps freiné par la ligne</translation>
    </message>
    <message>
        <source>picture was decoded</source>
        <translation>image décodée</translation>
    </message>
    <message>
        <source>freezes</source>
        <translation>arrêts sur image</translation>
    </message>
    <message>
        <source>freezes while its size stayed</source>
        <translation>arrêts à taille constante</translation>
    </message>
    <message>
        <source>pictures a second that came back</source>
        <translation>images par seconde revenues</translation>
    </message>
    <message>
        <source>quality</source>
        <translation>qualité</translation>
    </message>
    <message>
        <source>UDP works</source>
        <translation>UDP fonctionne</translation>
    </message>
    <message>
        <source>UDP offered by the call server</source>
        <translation>UDP proposé par le serveur d’appel</translation>
    </message>
    <message>
        <source>TCP works</source>
        <translation>TCP fonctionne</translation>
    </message>
    <message>
        <source>relay works</source>
        <translation>relais fonctionne</translation>
    </message>
    <message>
        <source>depends on one way</source>
        <translation>dépend d’un seul chemin</translation>
    </message>
    <message>
        <source>came back</source>
        <translation>revenu</translation>
    </message>
    <message>
        <source>silence meanwhile</source>
        <translation>silence entre-temps</translation>
    </message>
    <message>
        <source>stayed muted</source>
        <translation>resté coupé</translation>
    </message>
    <message>
        <source>connected again after</source>
        <translation>reconnecté après</translation>
    </message>
    <message>
        <source>TCP is better</source>
        <translation>TCP est meilleur</translation>
    </message>
    <message>
        <source>time held back by the processor</source>
        <translation>temps freiné par le processeur</translation>
    </message>
    <message>
        <source>time to encode a picture</source>
        <translation>temps pour coder une image</translation>
    </message>
    <message>
        <source>processor in use</source>
        <translation>processeur occupé</translation>
    </message>
    <message>
        <source>stays awake</source>
        <translation>reste en éveil</translation>
    </message>
    <message>
        <source>free memory</source>
        <translation>mémoire libre</translation>
    </message>
    <message>
        <source>free disk</source>
        <translation>disque libre</translation>
    </message>
    <message>
        <source>disk can be written</source>
        <translation>disque accessible en écriture</translation>
    </message>
    <message>
        <source>charge</source>
        <translation>charge</translation>
    </message>
    <message>
        <source>battery too short</source>
        <translation>batterie trop faible</translation>
    </message>
    <message>
        <source>energy saving</source>
        <translation>économie d’énergie</translation>
    </message>
    <message>
        <source>too hot</source>
        <translation>trop chaud</translation>
    </message>
    <message>
        <source>clock off by</source>
        <translation>horloge décalée de</translation>
    </message>
    <message>
        <source>too old for the service</source>
        <translation>trop ancien pour le service</translation>
    </message>
    <message>
        <source>newer version exists</source>
        <translation>version plus récente disponible</translation>
    </message>
    <message>
        <source>supported version</source>
        <translation>version prise en charge</translation>
    </message>
    <message>
        <source>signed in</source>
        <translation>connecté</translation>
    </message>
    <message>
        <source>own session</source>
        <translation>sa propre séance</translation>
    </message>
    <message>
        <source>session has ended</source>
        <translation>séance terminée</translation>
    </message>
    <message>
        <source>starts in</source>
        <translation>commence dans</translation>
    </message>
    <message>
        <source>in the call elsewhere</source>
        <translation>dans l’appel ailleurs</translation>
    </message>
    <message>
        <source>other side</source>
        <translation>autre côté</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>refusé</translation>
    </message>
    <message>
        <source>{name}: {value}</source>
        <translation>{name}&#xa0;: {value}</translation>
    </message>
    <message>
        <source>{one} or {other}</source>
        <translation>{one} ou {other}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
</context>
<context>
    <name>fixes</name>
    <message>
        <source>Open settings</source>
        <translation>Ouvrir les réglages</translation>
    </message>
    <message>
        <source>Open sound settings</source>
        <translation>Ouvrir les réglages du son</translation>
    </message>
    <message>
        <source>Open power settings</source>
        <translation>Ouvrir les réglages d’énergie</translation>
    </message>
    <message>
        <source>Open network settings</source>
        <translation>Ouvrir les réglages du réseau</translation>
    </message>
    <message>
        <source>Open VPN settings</source>
        <translation>Ouvrir les réglages du VPN</translation>
    </message>
    <message>
        <source>Open the login page</source>
        <translation>Ouvrir la page de connexion</translation>
    </message>
    <message>
        <source>Open date and time</source>
        <translation>Ouvrir la date et l’heure</translation>
    </message>
    <message>
        <source>Show what fills the disk</source>
        <translation>Voir ce qui remplit le disque</translation>
    </message>
    <message>
        <source>Show running programs</source>
        <translation>Voir les programmes ouverts</translation>
    </message>
    <message>
        <source>Another camera</source>
        <translation>Une autre caméra</translation>
    </message>
    <message>
        <source>Another microphone</source>
        <translation>Un autre micro</translation>
    </message>
    <message>
        <source>Another loudspeaker</source>
        <translation>Un autre haut-parleur</translation>
    </message>
</context>
<context>
    <name>newcomer</name>
    <message>
        <source>New camera: {device}.</source>
        <translation>Nouvelle caméra&#xa0;: {device}.</translation>
    </message>
    <message>
        <source>New microphone: {device}.</source>
        <translation>Nouveau micro&#xa0;: {device}.</translation>
    </message>
    <message>
        <source>New loudspeaker: {device}.</source>
        <translation>Nouveau haut-parleur&#xa0;: {device}.</translation>
    </message>
    <message>
        <source>It works: its picture can be seen.</source>
        <translation>Elle fonctionne&#xa0;: on voit son image.</translation>
    </message>
    <message>
        <source>It works: sound arrives from it.</source>
        <translation>Il fonctionne&#xa0;: le son arrive.</translation>
    </message>
    <message>
        <source>It is checked once you use it: opening it now would lower your headset’s sound.</source>
        <translation>Contrôle dès que vous l’utilisez&#xa0;: l’ouvrir maintenant dégraderait le son de votre casque.</translation>
    </message>
    <message>
        <source>It is checked once you use it: trying it held up the one in use.</source>
        <translation>Contrôle dès que vous l’utilisez&#xa0;: l’essai gênait l’appareil en cours.</translation>
    </message>
    <message>
        <source>Trying it, one moment.</source>
        <translation>Essai en cours, un instant.</translation>
    </message>
    <message>
        <source>It is checked once you use it.</source>
        <translation>Contrôle dès que vous l’utilisez.</translation>
    </message>
</context>
<context>
    <name>page</name>
    <message>
        <source>Liftbay diagnosis</source>
        <translation>Diagnostic Liftbay</translation>
    </message>
    <message>
        <source>Not ready for a call: {numbers} ({codes})</source>
        <translation>Pas prêt pour un appel&#xa0;: {numbers} ({codes})</translation>
    </message>
    <message>
        <source>Not decided: {codes}</source>
        <translation>Pas de verdict&#xa0;: {codes}</translation>
    </message>
    <message>
        <source>Nothing wrong was found</source>
        <translation>Aucun problème trouvé</translation>
    </message>
    <message>
        <source>Ready for a call</source>
        <translation>Prêt pour un appel</translation>
    </message>
    <message>
        <source>, with advice: {numbers}</source>
        <translation>, avec des conseils&#xa0;: {numbers}</translation>
    </message>
    <message>
        <source> (not looked at: {codes})</source>
        <translation> (non examiné&#xa0;: {codes})</translation>
    </message>
    <message>
        <source>ended: {how}</source>
        <translation>fin&#xa0;: {how}</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>code {code}</source>
        <translation>code {code}</translation>
    </message>
    <message>
        <source>What to look at</source>
        <translation>À regarder</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micro</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Réseau</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Haut-parleur</translation>
    </message>
    <message>
        <source>Media</source>
        <translation>Appel d’essai</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Ordinateur</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Écran</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Compte</translation>
    </message>
    <message>
        <source>advice</source>
        <translation>conseil</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>non mesuré</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>réussi</translation>
    </message>
    <message>
        <source>warned</source>
        <translation>passable</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>warns when {limit}</source>
        <translation>avertit si&#xa0;: {limit}</translation>
    </message>
    <message>
        <source>fails when {limit}</source>
        <translation>échoue si&#xa0;: {limit}</translation>
    </message>
    <message>
        <source>warns at {limit}</source>
        <translation>avertit à {limit}</translation>
    </message>
    <message>
        <source>fails at {limit}</source>
        <translation>échoue à {limit}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>Beside this machine&apos;s last {runs} runs</source>
        <translation>À côté des {runs} derniers contrôles de cette machine</translation>
    </message>
    <message>
        <source>now</source>
        <translation>maintenant</translation>
    </message>
    <message>
        <source>usual (median)</source>
        <translation>habituel (médiane)</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>écart</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>Network and what is recommended</source>
        <translation>Réseau et recommandations</translation>
    </message>
    <message>
        <source>Computer and program</source>
        <translation>Ordinateur et programme</translation>
    </message>
    <message>
        <source>Taken out before it was written: {what}.</source>
        <translation>Retiré avant l’écriture&#xa0;: {what}.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>Measured over time</source>
        <translation>Mesuré au fil du temps</translation>
    </message>
    <message>
        <source>Round trips to the service</source>
        <translation>Aller-retour vers le service</translation>
    </message>
    <message>
        <source>Microphone level</source>
        <translation>Niveau du micro</translation>
    </message>
    <message>
        <source>Brightness of the picture (luma)</source>
        <translation>Luminosité de l’image (luma)</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Upload of the trial call</source>
        <translation>Débit montant de l’appel d’essai</translation>
    </message>
    <message>
        <source>Download of the trial call</source>
        <translation>Débit descendant de l’appel d’essai</translation>
    </message>
    <message>
        <source>How long each stage took</source>
        <translation>Durée de chaque étape</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>échantillons</translation>
    </message>
    <message>
        <source>limit {limit}</source>
        <translation>limite {limit}</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>de {low} à {high}</translation>
    </message>
    <message>
        <source>{count} stages</source>
        <translation>{count} étapes</translation>
    </message>
    <message>
        <source>{time} since the start</source>
        <translation>{time} depuis le début</translation>
    </message>
</context>
<context>
    <name>phrases</name>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} à {high}</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>à l’instant</translation>
    </message>
    <message>
        <source>Diagnostic</source>
        <translation>Diagnostic</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Discussion</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Vidéo</translation>
    </message>
    <message>
        <source>{plan}, {minutes} min</source>
        <translation>{plan}, {minutes} min</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>Urgent</translation>
    </message>
    <message>
        <source>Soon</source>
        <translation>Bientôt</translation>
    </message>
    <message>
        <source>No hurry</source>
        <translation>Pas pressé</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>À surveiller</translation>
    </message>
    <message>
        <source>Fine</source>
        <translation>En ordre</translation>
    </message>
    <message>
        <source>mechanic is ready</source>
        <translation>le mécanicien est prêt</translation>
    </message>
    <message>
        <source>customer is ready</source>
        <translation>le client est prêt</translation>
    </message>
    <message>
        <source>mechanic is getting ready</source>
        <translation>le mécanicien se prépare</translation>
    </message>
    <message>
        <source>customer is getting ready</source>
        <translation>le client se prépare</translation>
    </message>
    <message>
        <source>mechanic is in the call</source>
        <translation>le mécanicien est dans l’appel</translation>
    </message>
    <message>
        <source>customer is in the call</source>
        <translation>le client est dans l’appel</translation>
    </message>
    <message>
        <source>Fill this in.</source>
        <translation>À remplir.</translation>
    </message>
    <message>
        <source>This is not an e-mail address.</source>
        <translation>Ce n’est pas une adresse e-mail.</translation>
    </message>
    <message>
        <source>Write a little more.</source>
        <translation>Écrivez-en un peu plus.</translation>
    </message>
    <message>
        <source>Use digits only.</source>
        <translation>Des chiffres seulement.</translation>
    </message>
    <message>
        <source>Check this number.</source>
        <translation>Vérifiez ce nombre.</translation>
    </message>
</context>
<context>
    <name>plug_news</name>
    <message>
        <source>{device} was unplugged. It was not in use.</source>
        <translation>{device} a été débranché. Cet appareil n’était pas utilisé.</translation>
    </message>
</context>
<context>
    <name>preflight</name>
    <message>
        <source>Your network changed: checking it again, one moment.</source>
        <translation>Votre réseau a changé&#xa0;: nouveau contrôle, un instant.</translation>
    </message>
    <message>
        <source>Your results are some minutes old: checking the network again, one moment.</source>
        <translation>Vos résultats datent de quelques minutes&#xa0;: nouveau contrôle du réseau, un instant.</translation>
    </message>
    <message>
        <source>Your results changed: checking the network once more, one moment.</source>
        <translation>Vos résultats ont changé&#xa0;: encore un contrôle du réseau, un instant.</translation>
    </message>
    <message>
        <source>No results of yours had arrived to join with: checking again, one moment.</source>
        <translation>Aucun de vos résultats n’était arrivé pour entrer&#xa0;: nouveau contrôle, un instant.</translation>
    </message>
    <message>
        <source>Your last results were too old to join with: checking again, one moment.</source>
        <translation>Vos derniers résultats étaient trop anciens pour entrer&#xa0;: nouveau contrôle, un instant.</translation>
    </message>
    <message>
        <source>Your last results did not pass: checking again, one moment.</source>
        <translation>Vos derniers résultats n’étaient pas suffisants&#xa0;: nouveau contrôle, un instant.</translation>
    </message>
    <message>
        <source>Your last results were too old or not complete to join with: checking again, one moment.</source>
        <translation>Vos derniers résultats étaient trop anciens ou incomplets pour entrer&#xa0;: nouveau contrôle, un instant.</translation>
    </message>
    <message>
        <source>Something changed since you were in the call: checking everything once, one moment.</source>
        <translation>Quelque chose a changé depuis l’appel&#xa0;: tout est vérifié une fois, un instant.</translation>
    </message>
    <message>
        <source>A test picture or test tone cannot be used in a session: choose a real camera and a real microphone.</source>
        <translation>Une mire ou un son d’essai ne vaut pas dans une séance&#xa0;: choisissez une vraie caméra et un vrai micro.</translation>
    </message>
</context>
<context>
    <name>questions</name>
    <message>
        <source>Give this session back?</source>
        <translation>Rendre cette séance&#x202f;?</translation>
    </message>
    <message>
        <source>The customer is told and gets everything back.</source>
        <translation>Le client est prévenu et entièrement remboursé.</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>Rendre</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>La garder</translation>
    </message>
    <message>
        <source>Cancel this session?</source>
        <translation>Annuler cette séance&#x202f;?</translation>
    </message>
    <message>
        <source>You get back everything you paid.</source>
        <translation>Tout ce que vous avez payé vous est rendu.</translation>
    </message>
    <message>
        <source>Cancel session</source>
        <translation>Annuler la séance</translation>
    </message>
    <message>
        <source>Leave the call and close?</source>
        <translation>Quitter l’appel et fermer&#xa0;?</translation>
    </message>
    <message>
        <source>The session is not ended: you can come back to it from your dashboard.</source>
        <translation>La séance n’est pas terminée&#xa0;: vous pouvez y revenir depuis votre tableau de bord.</translation>
    </message>
    <message>
        <source>Leave and close</source>
        <translation>Quitter et fermer</translation>
    </message>
    <message>
        <source>End the session and close?</source>
        <translation>Terminer la séance et fermer&#x202f;?</translation>
    </message>
    <message>
        <source>The session ends for both of you.</source>
        <translation>La séance se termine pour vous deux.</translation>
    </message>
    <message>
        <source>End session</source>
        <translation>Terminer la séance</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Rester</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>Save page</source>
        <translation>Enregistrer la page</translation>
    </message>
    <message>
        <source>Save bundle</source>
        <translation>Enregistrer l’archive</translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>Answer time</source>
        <translation>Temps de réponse</translation>
    </message>
    <message>
        <source>Unevenness</source>
        <translation>Irrégularité</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Débit montant</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Débit descendant</translation>
    </message>
    <message>
        <source>Loss on the way up</source>
        <translation>Pertes à l’envoi</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Luminosité</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voix</translation>
    </message>
    <message>
        <source>ran to its end</source>
        <translation>allé à son terme</translation>
    </message>
    <message>
        <source>ended by joining</source>
        <translation>terminé par l’entrée en séance</translation>
    </message>
    <message>
        <source>ended by the person</source>
        <translation>interrompu par la personne</translation>
    </message>
    <message>
        <source>ran out of time</source>
        <translation>temps écoulé</translation>
    </message>
    <message>
        <source>broke off</source>
        <translation>interrompu brutalement</translation>
    </message>
    <message>
        <source>{times} times their usual</source>
        <translation>{times} fois leur valeur habituelle</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>comme d’habitude</translation>
    </message>
    <message>
        <source>{size} below their usual</source>
        <translation>{size} sous leur valeur habituelle</translation>
    </message>
    <message>
        <source>{size} above their usual</source>
        <translation>{size} au-dessus de leur valeur habituelle</translation>
    </message>
    <message>
        <source>May join</source>
        <translation>Peut entrer en séance</translation>
    </message>
    <message>
        <source>Cannot join</source>
        <translation>Ne peut pas entrer en séance</translation>
    </message>
    <message>
        <source>Not decided</source>
        <translation>Pas décidé</translation>
    </message>
    <message>
        <source>Nothing wrong was found</source>
        <translation>Aucun problème trouvé</translation>
    </message>
    <message>
        <source>Ready for a call</source>
        <translation>Prêt pour un appel</translation>
    </message>
    <message>
        <source>In the way: {codes}</source>
        <translation>Bloquant&#xa0;: {codes}</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>réussi</translation>
    </message>
    <message>
        <source>did not pass</source>
        <translation>non réussi</translation>
    </message>
    <message>
        <source>did not pass: {codes}</source>
        <translation>non réussi&#xa0;: {codes}</translation>
    </message>
    <message>
        <source>Could be better: {codes}</source>
        <translation>À améliorer&#xa0;: {codes}</translation>
    </message>
    <message>
        <source>warns at {limit}</source>
        <translation>avertit à {limit}</translation>
    </message>
    <message>
        <source>fails at {limit}</source>
        <translation>échoue à {limit}</translation>
    </message>
    <message>
        <source>warns on “{limit}”</source>
        <translation>avertit pour «&#xa0;{limit}&#xa0;»</translation>
    </message>
    <message>
        <source>fails on “{limit}”</source>
        <translation>échoue pour «&#xa0;{limit}&#xa0;»</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message>
        <source>Something went wrong on our side.</source>
        <translation>Une erreur s’est produite chez nous.</translation>
    </message>
    <message>
        <source>We have logged it. Try again in a moment.</source>
        <translation>Nous l’avons noté. Réessayez dans un instant.</translation>
    </message>
    <message>
        <source>The file did not arrive as it was sent.</source>
        <translation>Le fichier n’est pas arrivé tel qu’il a été envoyé.</translation>
    </message>
    <message>
        <source>Send it again.</source>
        <translation>Renvoyez-le.</translation>
    </message>
    <message>
        <source>Go back to the dashboard and try again.</source>
        <translation>Revenez au tableau de bord et réessayez.</translation>
    </message>
    <message>
        <source>Liftbay cannot be reached.</source>
        <translation>Liftbay est injoignable.</translation>
    </message>
    <message>
        <source>Check your internet connection, then try again.</source>
        <translation>Vérifiez votre connexion internet, puis réessayez.</translation>
    </message>
    <message>
        <source>Liftbay did not answer in time.</source>
        <translation>Liftbay n’a pas répondu à temps.</translation>
    </message>
    <message>
        <source>Your connection may be slow. Try again.</source>
        <translation>Votre connexion est peut-être lente. Réessayez.</translation>
    </message>
    <message>
        <source>The connection broke off.</source>
        <translation>La connexion s’est interrompue.</translation>
    </message>
    <message>
        <source>Liftbay is not available right now.</source>
        <translation>Liftbay n’est pas disponible en ce moment.</translation>
    </message>
    <message>
        <source>Your connection is fine. Try again in a minute.</source>
        <translation>Votre connexion va bien. Réessayez dans une minute.</translation>
    </message>
    <message>
        <source>The answer made no sense.</source>
        <translation>La réponse n’avait pas de sens.</translation>
    </message>
    <message>
        <source>A sign-in page of your Wi-Fi may be in the way: open a browser and look.</source>
        <translation>Une page de connexion de votre Wi-Fi fait peut-être obstacle&#xa0;: ouvrez un navigateur et regardez.</translation>
    </message>
    <message>
        <source>You are not signed in.</source>
        <translation>Vous n’êtes pas connecté.</translation>
    </message>
    <message>
        <source>Sign in and try again.</source>
        <translation>Connectez-vous et réessayez.</translation>
    </message>
    <message>
        <source>E-mail or password is wrong.</source>
        <translation>L’e-mail ou le mot de passe est faux.</translation>
    </message>
    <message>
        <source>Check both, and whether you sign in as customer or mechanic.</source>
        <translation>Vérifiez les deux, et si vous vous connectez comme client ou mécanicien.</translation>
    </message>
    <message>
        <source>Your sign-in has expired.</source>
        <translation>Votre connexion a expiré.</translation>
    </message>
    <message>
        <source>Sign in again to go on.</source>
        <translation>Reconnectez-vous pour continuer.</translation>
    </message>
    <message>
        <source>This sign-in cannot be used here.</source>
        <translation>Cette connexion ne vaut pas ici.</translation>
    </message>
    <message>
        <source>Sign out, then sign in again.</source>
        <translation>Déconnectez-vous, puis reconnectez-vous.</translation>
    </message>
    <message>
        <source>This account may not do that.</source>
        <translation>Ce compte n’y est pas autorisé.</translation>
    </message>
    <message>
        <source>Sign in with the account that has the right role.</source>
        <translation>Connectez-vous avec le compte qui a le bon rôle.</translation>
    </message>
    <message>
        <source>There is an account with this e-mail already.</source>
        <translation>Un compte existe déjà avec cet e-mail.</translation>
    </message>
    <message>
        <source>Sign in instead.</source>
        <translation>Connectez-vous plutôt.</translation>
    </message>
    <message>
        <source>This password is too easy to guess.</source>
        <translation>Ce mot de passe est trop facile à deviner.</translation>
    </message>
    <message>
        <source>Choose a longer one.</source>
        <translation>Choisissez-en un plus long.</translation>
    </message>
    <message>
        <source>Your e-mail is not confirmed yet.</source>
        <translation>Votre e-mail n’est pas encore confirmé.</translation>
    </message>
    <message>
        <source>Open the link in the mail we sent you, then sign in.</source>
        <translation>Ouvrez le lien de l’e-mail que nous vous avons envoyé, puis connectez-vous.</translation>
    </message>
    <message>
        <source>This request does not exist.</source>
        <translation>Cette demande n’existe pas.</translation>
    </message>
    <message>
        <source>Choose another one from the list.</source>
        <translation>Choisissez-en une autre dans la liste.</translation>
    </message>
    <message>
        <source>Another mechanic was faster.</source>
        <translation>Un autre mécanicien a été plus rapide.</translation>
    </message>
    <message>
        <source>Choose another request.</source>
        <translation>Choisissez une autre demande.</translation>
    </message>
    <message>
        <source>This request is no longer open.</source>
        <translation>Cette demande n’est plus ouverte.</translation>
    </message>
    <message>
        <source>There is no such session.</source>
        <translation>Cette séance n’existe pas.</translation>
    </message>
    <message>
        <source>Choose one from your dashboard.</source>
        <translation>Choisissez-en une sur votre tableau de bord.</translation>
    </message>
    <message>
        <source>This is a chat session.</source>
        <translation>C’est une séance de discussion.</translation>
    </message>
    <message>
        <source>Open it on the Liftbay website.</source>
        <translation>Ouvrez-la sur le site de Liftbay.</translation>
    </message>
    <message>
        <source>This session belongs to somebody else.</source>
        <translation>Cette séance est à quelqu’un d’autre.</translation>
    </message>
    <message>
        <source>Sign in with the account it was booked with.</source>
        <translation>Connectez-vous avec le compte qui l’a réservée.</translation>
    </message>
    <message>
        <source>This session has ended.</source>
        <translation>Cette séance est finie.</translation>
    </message>
    <message>
        <source>Its summary is on your dashboard.</source>
        <translation>Son bilan est sur votre tableau de bord.</translation>
    </message>
    <message>
        <source>The session has moved on meanwhile.</source>
        <translation>La séance a avancé entre-temps.</translation>
    </message>
    <message>
        <source>The session starts when both of you are in the room.</source>
        <translation>La séance démarre quand vous êtes tous deux dans la salle.</translation>
    </message>
    <message>
        <source>Wait for the other side; no paid time passes.</source>
        <translation>Attendez l’autre&#x202f;; aucun temps payé ne passe.</translation>
    </message>
    <message>
        <source>The session is still running.</source>
        <translation>La séance est encore en cours.</translation>
    </message>
    <message>
        <source>This is possible once it has ended.</source>
        <translation>C’est possible une fois qu’elle est finie.</translation>
    </message>
    <message>
        <source>This session cannot be joined yet.</source>
        <translation>On ne peut pas encore entrer dans cette séance.</translation>
    </message>
    <message>
        <source>Join it when a mechanic has accepted it.</source>
        <translation>Entrez quand un mécanicien l’a acceptée.</translation>
    </message>
    <message>
        <source>The session is not running.</source>
        <translation>La séance n’est pas en cours.</translation>
    </message>
    <message>
        <source>This is possible while it runs.</source>
        <translation>C’est possible pendant qu’elle est en cours.</translation>
    </message>
    <message>
        <source>The check of your set-up is missing or too old.</source>
        <translation>Le contrôle de votre installation manque ou est trop ancien.</translation>
    </message>
    <message>
        <source>Run it again, then join.</source>
        <translation>Refaites-le, puis entrez.</translation>
    </message>
    <message>
        <source>A test picture or test tone cannot be used in a session.</source>
        <translation>Une mire ou un son d’essai ne vaut pas dans une séance.</translation>
    </message>
    <message>
        <source>Choose a real camera and a real microphone.</source>
        <translation>Choisissez une vraie caméra et un vrai micro.</translation>
    </message>
    <message>
        <source>Your camera or microphone was gone when the call began.</source>
        <translation>Votre caméra ou votre micro n’était plus là au début de l’appel.</translation>
    </message>
    <message>
        <source>Check that both are plugged in, try again, then join.</source>
        <translation>Vérifiez qu’ils sont branchés, réessayez, puis entrez.</translation>
    </message>
    <message>
        <source>That is no code of a report.</source>
        <translation>Ce n’est pas le code d’un rapport.</translation>
    </message>
    <message>
        <source>Ask for it again and type what you hear.</source>
        <translation>Demandez-le à nouveau et tapez ce que vous entendez.</translation>
    </message>
    <message>
        <source>There is no report under this code.</source>
        <translation>Aucun rapport n’existe sous ce code.</translation>
    </message>
    <message>
        <source>Reports are kept for 30 days: ask for a new one.</source>
        <translation>Les rapports sont gardés 30 jours&#xa0;: demandez-en un nouveau.</translation>
    </message>
    <message>
        <source>The service does not take this file.</source>
        <translation>Le service n’accepte pas ce fichier.</translation>
    </message>
    <message>
        <source>Make a new one and send it without a change.</source>
        <translation>Créez-en un nouveau et envoyez-le sans le modifier.</translation>
    </message>
    <message>
        <source>This check is not known any more.</source>
        <translation>Ce contrôle n’est plus connu.</translation>
    </message>
    <message>
        <source>Run it again.</source>
        <translation>Refaites-le.</translation>
    </message>
    <message>
        <source>This check was handed in already.</source>
        <translation>Ce contrôle a déjà été remis.</translation>
    </message>
    <message>
        <source>This check is too old.</source>
        <translation>Ce contrôle est trop ancien.</translation>
    </message>
    <message>
        <source>The check of your set-up is not complete.</source>
        <translation>Le contrôle de votre installation n’est pas complet.</translation>
    </message>
    <message>
        <source>Run it again and let it finish.</source>
        <translation>Refaites-le et laissez-le finir.</translation>
    </message>
    <message>
        <source>This plan is not offered any more.</source>
        <translation>Cette formule n’est plus proposée.</translation>
    </message>
    <message>
        <source>Choose another plan.</source>
        <translation>Choisissez une autre formule.</translation>
    </message>
    <message>
        <source>This extension is not offered any more.</source>
        <translation>Cette prolongation n’est plus proposée.</translation>
    </message>
    <message>
        <source>Choose another extension.</source>
        <translation>Choisissez une autre prolongation.</translation>
    </message>
    <message>
        <source>That is more than is left of what was paid.</source>
        <translation>C’est plus que ce qui reste du montant payé.</translation>
    </message>
    <message>
        <source>Choose a smaller amount.</source>
        <translation>Choisissez un montant plus petit.</translation>
    </message>
    <message>
        <source>Something in the form was not accepted.</source>
        <translation>Un élément du formulaire n’a pas été accepté.</translation>
    </message>
    <message>
        <source>Check what you entered and try again.</source>
        <translation>Vérifiez votre saisie et réessayez.</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>Ce fichier n’existe pas.</translation>
    </message>
    <message>
        <source>It was called off, or it is no longer kept.</source>
        <translation>Son envoi a été annulé, ou il n’est plus conservé.</translation>
    </message>
    <message>
        <source>A file cannot be sent under this name.</source>
        <translation>Un fichier ne peut pas être envoyé sous ce nom.</translation>
    </message>
    <message>
        <source>Give it a short, plain name and send it again.</source>
        <translation>Donnez-lui un nom court et simple, puis renvoyez-le.</translation>
    </message>
    <message>
        <source>This type of file cannot be sent.</source>
        <translation>Ce type de fichier ne peut pas être envoyé.</translation>
    </message>
    <message>
        <source>Send a picture, a video, a sound, a PDF or plain text.</source>
        <translation>Envoyez une image, une vidéo, un son, un PDF ou du texte simple.</translation>
    </message>
    <message>
        <source>The file is too large.</source>
        <translation>Le fichier est trop volumineux.</translation>
    </message>
    <message>
        <source>Send a shorter video or a smaller picture.</source>
        <translation>Envoyez une vidéo plus courte ou une image plus petite.</translation>
    </message>
    <message>
        <source>This session can take no more files.</source>
        <translation>Cette séance ne peut plus recevoir de fichiers.</translation>
    </message>
    <message>
        <source>Show it in the call instead.</source>
        <translation>Montrez-le plutôt pendant l’appel.</translation>
    </message>
    <message>
        <source>The file has not arrived completely.</source>
        <translation>Le fichier n’est pas arrivé en entier.</translation>
    </message>
    <message>
        <source>Wait until it has been sent.</source>
        <translation>Attendez qu’il ait été envoyé.</translation>
    </message>
    <message>
        <source>Files cannot be kept or fetched right now.</source>
        <translation>Les fichiers ne peuvent être ni conservés ni récupérés pour l’instant.</translation>
    </message>
    <message>
        <source>The call goes on. Try again in a minute.</source>
        <translation>L’appel continue. Réessayez dans une minute.</translation>
    </message>
    <message>
        <source>The same thing was sent twice with different content.</source>
        <translation>La même chose a été envoyée deux fois avec un contenu différent.</translation>
    </message>
    <message>
        <source>This is being done already.</source>
        <translation>C’est déjà en cours.</translation>
    </message>
    <message>
        <source>Wait a moment.</source>
        <translation>Attendez un instant.</translation>
    </message>
    <message>
        <source>The notes were changed elsewhere.</source>
        <translation>Les notes ont été modifiées ailleurs.</translation>
    </message>
    <message>
        <source>Look at the newer version and enter your change again.</source>
        <translation>Regardez la nouvelle version et refaites votre changement.</translation>
    </message>
    <message>
        <source>The notes could not be saved.</source>
        <translation>Les notes n’ont pas pu être enregistrées.</translation>
    </message>
    <message>
        <source>Change them once more to save them.</source>
        <translation>Modifiez-les encore une fois pour les enregistrer.</translation>
    </message>
    <message>
        <source>Too many tries.</source>
        <translation>Trop d’essais.</translation>
    </message>
    <message>
        <source>Wait a minute, then try again.</source>
        <translation>Attendez une minute, puis réessayez.</translation>
    </message>
    <message>
        <source>The service does not know this.</source>
        <translation>Le service ne connaît pas cela.</translation>
    </message>
    <message>
        <source>Update Liftbay to the newest version.</source>
        <translation>Mettez Liftbay à jour.</translation>
    </message>
    <message>
        <source>The service does not do this.</source>
        <translation>Le service ne fait pas cela.</translation>
    </message>
    <message>
        <source>That is too large to send.</source>
        <translation>C’est trop gros pour être envoyé.</translation>
    </message>
    <message>
        <source>Send something smaller.</source>
        <translation>Envoyez quelque chose de plus petit.</translation>
    </message>
    <message>
        <source>This kind of file cannot be sent.</source>
        <translation>Ce type de fichier ne peut pas être envoyé.</translation>
    </message>
    <message>
        <source>Choose a picture, a video or a PDF.</source>
        <translation>Choisissez une image, une vidéo ou un PDF.</translation>
    </message>
    <message>
        <source>Liftbay is not ready right now.</source>
        <translation>Liftbay n’est pas prêt en ce moment.</translation>
    </message>
    <message>
        <source>The call server does not answer.</source>
        <translation>Le serveur d’appel ne répond pas.</translation>
    </message>
    <message>
        <source>This version of Liftbay is too old for the service.</source>
        <translation>Cette version de Liftbay est trop ancienne pour le service.</translation>
    </message>
    <message>
        <source>Close Liftbay, install the newest version and start it again.</source>
        <translation>Fermez Liftbay, installez la dernière version et relancez-la.</translation>
    </message>
    <message>
        <source>The service refused this.</source>
        <translation>Le service a refusé.</translation>
    </message>
    <message>
        <source>Update Liftbay; if it stays, tell support the code below.</source>
        <translation>Mettez Liftbay à jour&#x202f;; si cela persiste, donnez le code ci-dessous à l’assistance.</translation>
    </message>
    <message>
        <source>You left the call.</source>
        <translation>Vous avez quitté l’appel.</translation>
    </message>
    <message>
        <source>The session goes on. Return to it from your dashboard.</source>
        <translation>La séance continue. Revenez-y depuis votre tableau de bord.</translation>
    </message>
    <message>
        <source>The session has ended.</source>
        <translation>La séance est finie.</translation>
    </message>
    <message>
        <source>Its summary is ready.</source>
        <translation>Son bilan est prêt.</translation>
    </message>
    <message>
        <source>The window was closed.</source>
        <translation>La fenêtre a été fermée.</translation>
    </message>
    <message>
        <source>Open your dashboard to see how the session stands.</source>
        <translation>Ouvrez votre tableau de bord pour voir où en est la séance.</translation>
    </message>
    <message>
        <source>You joined from another window or machine.</source>
        <translation>Vous êtes entré depuis une autre fenêtre ou machine.</translation>
    </message>
    <message>
        <source>The call goes on there. Return here from your dashboard.</source>
        <translation>L’appel continue là-bas. Revenez ici depuis votre tableau de bord.</translation>
    </message>
    <message>
        <source>You were taken out of the room.</source>
        <translation>Vous avez été retiré de la salle.</translation>
    </message>
    <message>
        <source>Look at your dashboard; the session may have ended.</source>
        <translation>Regardez votre tableau de bord&#x202f;; la séance est peut-être finie.</translation>
    </message>
    <message>
        <source>The room was closed.</source>
        <translation>La salle a été fermée.</translation>
    </message>
    <message>
        <source>Your connection stayed away too long.</source>
        <translation>Votre connexion a été coupée trop longtemps.</translation>
    </message>
    <message>
        <source>Check your network, then return from your dashboard.</source>
        <translation>Vérifiez votre réseau, puis revenez depuis votre tableau de bord.</translation>
    </message>
    <message>
        <source>Try again in a minute. No paid time passes.</source>
        <translation>Réessayez dans une minute. Aucun temps payé ne passe.</translation>
    </message>
    <message>
        <source>Picture and sound found no way through your network.</source>
        <translation>L’image et le son n’ont pas traversé votre réseau.</translation>
    </message>
    <message>
        <source>A firewall or VPN may block them. Try another network.</source>
        <translation>Un pare-feu ou un VPN les bloque peut-être. Essayez un autre réseau.</translation>
    </message>
    <message>
        <source>The call server did not let you in.</source>
        <translation>Le serveur d’appel ne vous a pas laissé entrer.</translation>
    </message>
    <message>
        <source>Go back to the dashboard and join again.</source>
        <translation>Revenez au tableau de bord et entrez de nouveau.</translation>
    </message>
    <message>
        <source>Check your internet connection, then join again.</source>
        <translation>Vérifiez votre connexion internet, puis entrez de nouveau.</translation>
    </message>
    <message>
        <source>You cannot join this session.</source>
        <translation>Vous ne pouvez pas entrer dans cette séance.</translation>
    </message>
    <message>
        <source>Look at your dashboard for how it stands.</source>
        <translation>Votre tableau de bord dit où elle en est.</translation>
    </message>
    <message>
        <source>Sign in again, then return to the call.</source>
        <translation>Reconnectez-vous, puis revenez à l’appel.</translation>
    </message>
    <message>
        <source>ended by the customer</source>
        <translation>terminée par le client</translation>
    </message>
    <message>
        <source>ended by the mechanic</source>
        <translation>terminée par le mécanicien</translation>
    </message>
    <message>
        <source>ended by closing the window</source>
        <translation>terminée en fermant la fenêtre</translation>
    </message>
    <message>
        <source>ended when the time was up</source>
        <translation>terminée à la fin du temps</translation>
    </message>
    <message>
        <source>ended because one side stayed away</source>
        <translation>terminée car l’un des deux est resté absent</translation>
    </message>
    <message>
        <source>cancelled before the start</source>
        <translation>annulée avant le début</translation>
    </message>
    <message>
        <source>not started in time</source>
        <translation>pas commencée à temps</translation>
    </message>
    <message>
        <source>no mechanic was free</source>
        <translation>aucun mécanicien libre</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>ended by you</source>
        <translation>terminée par vous</translation>
    </message>
</context>
</TS>
