"""What a file holds and the command line would refuse gives way to the default, and is told."""

import msgspec
import pytest

from desktop.app.fit_settings import fit
from desktop.app.settings import THEMES, Settings
from desktop.viewmodels.dashboard_state import Setting
from desktop.views.theme import ThemeMode


@pytest.mark.parametrize(
    ("name", "text", "setting", "code"),
    [
        ("microphone", "tone:nan", Setting.MICROPHONE, "device.choice_pitch"),
        ("microphone", "tone:inf", Setting.MICROPHONE, "device.choice_pitch"),
        ("microphone", "tone:high", Setting.MICROPHONE, "device.choice_unreadable"),
        ("camera", "²", Setting.CAMERA, "device.choice_unreadable"),
        ("camera", "tone:440", Setting.CAMERA, "device.choice_unfit"),
        ("speaker", "pattern", Setting.SPEAKER, "device.choice_unfit"),
        ("theme", "pink", Setting.THEME, "settings.theme_unknown"),
        ("language", "klingon", Setting.LANGUAGE, "settings.language_unknown"),
        ("language", "", Setting.LANGUAGE, "settings.language_unknown"),
    ],
)
def test_a_setting_that_cannot_be_used_gives_way_and_is_named(
    name: str, text: str, setting: Setting, code: str
) -> None:
    kept = Settings(service_url="http://kept")

    usable, ignored = fit(msgspec.structs.replace(kept, **{name: text}))

    assert usable == kept
    assert [(one.setting, one.code) for one in ignored] == [(setting, code)]
    assert repr(text) in ignored[0].words


@pytest.mark.parametrize(
    "text", ["liftbay.example", "ftp://x", "http://", "http://x:0", "http://x:y"]
)
def test_a_service_that_cannot_be_one_gives_way_to_the_usual_one(text: str) -> None:
    usable, ignored = fit(Settings(service_url=text, language="fr"))

    assert usable == Settings(language="fr")
    assert [(one.setting, one.code) for one in ignored] == [
        (Setting.SERVICE, "settings.service_unreadable")
    ]


@pytest.mark.parametrize("text", ["system", "en", "fr", "en_GB", "fr-CA"])
def test_a_language_may_have_a_country(text: str) -> None:
    assert fit(Settings(language=text)) == (Settings(language=text), ())


def test_each_of_several_is_named() -> None:
    usable, ignored = fit(Settings(camera="file:", microphone="tone:nan", theme="pink"))

    assert usable == Settings()
    assert [one.setting for one in ignored] == [Setting.CAMERA, Setting.MICROPHONE, Setting.THEME]


def test_what_can_be_used_stays_as_it_is() -> None:
    usual = Settings(camera="pattern", microphone="tone:440", speaker="null", theme="dark")

    assert fit(usual) == (usual, ())


def test_every_theme_of_the_settings_can_be_shown() -> None:
    assert set(THEMES) == {"system", *(mode.value for mode in ThemeMode)}
