"""The evidence card by key and by touch, on every bound number of the book."""

from __future__ import annotations

import json

from chromium import LINKS, OPEN, pages_with_numbers, resize

# One call between two taps: what the tap at x, y opened; then close it, and scroll to number i and say where it is.
TAPPED_AND_NEXT = """([links, open, x, y, i]) => {
    const card = document.querySelector(open), b = card?.getBoundingClientRect();
    const covers = () => x > b.left && x < b.right && y > b.top && y < b.bottom;
    const inside = () => b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight;
    const told = !card ? "none" : covers() ? "covers" : inside() ? "fits" : "overflows";
    document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
    if (document.querySelector(open)) return ["stays open", null];
    if (!i) window.numbers = [...document.querySelectorAll(links)].filter(link => link.getClientRects().length);
    const link = window.numbers[i];
    if (!link) return [told, null];
    link.scrollIntoView({block: "center", inline: "center"});
    const r = link.getClientRects()[0];
    return [told, [r.left + r.width / 2, r.top + r.height / 2]];
}"""


# The same gesture as the page sees it, without a finger: nothing lies over the number, and its card is where it should.
TAP_ALL = """([links, open]) => [...document.querySelectorAll(links)]
    .filter((link) => link.getClientRects().length)
    .map((link) => {
        link.scrollIntoView({block: "center", inline: "center"});
        const r = link.getClientRects()[0], x = r.left + r.width / 2, y = r.top + r.height / 2;
        const hit = document.elementFromPoint(x, y);
        if (!hit || hit.closest("a") !== link) return "lies under something";
        const at = {bubbles: true, cancelable: true, pointerType: "touch", clientX: x, clientY: y, detail: 1};
        hit.dispatchEvent(new PointerEvent("pointerdown", at));
        hit.dispatchEvent(new PointerEvent("pointerup", at));
        hit.dispatchEvent(new PointerEvent("click", at));
        const card = document.querySelector(open), b = card?.getBoundingClientRect();
        const covers = b && x > b.left && x < b.right && y > b.top && y < b.bottom;
        const inside = b && b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight;
        document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
        return !card ? "none" : covers ? "covers" : inside ? "fits" : "overflows";
    })"""
TAPS = 4  # real ones on a page: between two a browser draws it twice, and 2,200 of them take two minutes


# Every tenth number begins a task: what those before left behind comes first, as before a reader's key. A task for
# each would draw the page as often, and take four times as long.
FOCUS_ALL = """async ([links, open]) => {
    const told = [];
    for (const [i, link] of [...document.querySelectorAll(links)].entries()) {
        if (i % 10 === 0) await new Promise(done => setTimeout(done));
        if (!link.getClientRects().length) { told.push("hidden"); continue; }
        link.focus({focusVisible: true});
        const card = document.querySelector(open);
        if (!card) { told.push("none"); continue; }
        const a = link.getBoundingClientRect(), b = card.getBoundingClientRect();
        const rects = [...link.getClientRects()];
        const covers = rects.some(r => r.left < b.right && b.left < r.right && r.top < b.bottom - 1 && b.top < r.bottom - 1);
        const inside = b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight;
        const value = card.querySelector(".evidence-card-value").textContent;
        told.push(covers ? "covers" : inside ? { of: link.hash.slice(1), value } : "overflows");
    }
    return told;
}"""


def test_every_bound_number_opens_its_card_by_key_with_its_value_and_by_touch_without_leaving_the_page(site, chrome):
    """The first of a page by a finger on a phone, all of them by the same events on a narrower one; and by key on a desk."""
    context = chrome.new_context(has_touch=True)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    focused = tapped = 0
    for path in pages_with_numbers(site):
        resize(page, 390)
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        tap(page, path.name)
        resize(page, 320)  # a card that fits here fits on a wider screen
        found = page.evaluate(TAP_ALL, [LINKS, OPEN])
        assert set(found) == {"fits"}, f"{path.name}: {[*enumerate(found)]}"
        assert page.url == path.as_uri(), "a tap left the page"
        tapped += len(found)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.keyboard.press("Tab")
        records = json.loads(page.locator("#evidence-records").text_content())
        for i, told in enumerate(page.evaluate(FOCUS_ALL, [LINKS, OPEN])):
            assert told not in ("none", "covers", "overflows"), f"{path.name}: number {i} {told}"
            if told != "hidden":
                assert told["value"] == records[told["of"]]["value"] != "", f"{path.name}: number {i}"
                focused += 1
    context.close()
    assert errors == []
    assert focused > 2000
    assert tapped > 2000


def tap(page, where):
    """Tap the first numbers of a page with a finger."""
    told, at = page.evaluate(TAPPED_AND_NEXT, [LINKS, OPEN, 0, 0, 0])
    assert told == "none"
    for number in range(TAPS):
        if not at:
            return
        page.touchscreen.tap(*at)
        told, at = page.evaluate(TAPPED_AND_NEXT, [LINKS, OPEN, *at, number + 1])
        assert told == "fits", f"{where}: number {number} {told}"
