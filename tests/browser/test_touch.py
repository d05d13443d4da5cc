"""The evidence card by touch: a real tap on every bound number of the book."""

from __future__ import annotations

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


# The same gesture as the page sees it, without a finger: at a second width it is the card's place that may differ.
TAP_ALL = """([links, open]) => [...document.querySelectorAll(links)]
    .filter((link) => link.getClientRects().length)
    .map((link) => {
        link.scrollIntoView({block: "center", inline: "center"});
        const r = link.getClientRects()[0], x = r.left + r.width / 2, y = r.top + r.height / 2;
        const at = {bubbles: true, cancelable: true, pointerType: "touch", clientX: x, clientY: y, detail: 1};
        link.dispatchEvent(new PointerEvent("pointerdown", at));
        link.dispatchEvent(new PointerEvent("pointerup", at));
        link.dispatchEvent(new PointerEvent("click", at));
        const card = document.querySelector(open), b = card?.getBoundingClientRect();
        const covers = b && x > b.left && x < b.right && y > b.top && y < b.bottom;
        const inside = b && b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight;
        document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
        return !card ? "none" : covers ? "covers" : inside ? "fits" : "overflows";
    })"""


def test_every_bound_number_opens_its_card_by_touch_without_leaving_the_page(site, chrome):
    context = chrome.new_context(viewport={"width": 390, "height": 760}, has_touch=True)
    page = context.new_page()
    opened = 0
    for path in pages_with_numbers(site):
        resize(page, 390)
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        tapped = tap_all(page, f"{path.name} at 390 px")
        opened += tapped
        resize(page, 320)
        assert page.evaluate(TAP_ALL, [LINKS, OPEN]) == ["fits"] * tapped, f"{path.name} at 320 px"
        assert page.url == path.as_uri(), "a tap left the page"
    context.close()
    assert opened > 300


def tap_all(page, where):
    told, at = page.evaluate(TAPPED_AND_NEXT, [LINKS, OPEN, 0, 0, 0])
    assert told == "none"
    number = 0
    while at:
        page.touchscreen.tap(*at)
        told, at = page.evaluate(TAPPED_AND_NEXT, [LINKS, OPEN, *at, number + 1])
        assert told == "fits", f"{where}: number {number} {told}"
        number += 1
    return number
