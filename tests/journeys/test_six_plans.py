"""Asking under the six standings that a customer can have, in a real browser: what is offered, and on what terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from tests.cast import contact
from tests.journeys import asking
from tests.journeys.conftest import NARROW, PATIENCE_MILLISECONDS, Complaints, Window
from tests.journeys.serving import Served
from tests.journeys.test_every_screen import AXE, faults_of, overflow_of

from balie.contracts.models import Contract, ContractType, CustomerTerms, Licence, Product
from balie.customers.models import Asset, Contact, Customer
from balie.tickets.models import CallRequest, Draft, Ticket

expect.set_options(timeout=PATIENCE_MILLISECONDS)

TODAY = timezone.localdate()


@dataclass(frozen=True)
class Standing:
    """What a customer has, and what asking for a call-back is then like."""

    has: Callable[[Customer], object]
    price: str
    pays: str | None  # the way of paying that is picked; `None` when there is nothing to choose
    promise: str
    state: str
    may_be_urgent: bool


def licensed(product: str) -> Callable[[Customer], object]:
    return lambda shop: Licence.objects.create(customer=shop, product=Product.objects.get(key=product))


def contracted(kind: str) -> Callable[[Customer], object]:
    return lambda shop: Contract.objects.create(customer=shop, type=ContractType.objects.get(key=kind))


def maintained(shop: Customer) -> None:
    """SLA4: an existing customer with our hardware and the maintenance contract (IB-17)."""
    Asset.objects.create(customer=shop, name="Kassa", supplied_by_us=True)
    contracted("maintenance")(shop)


def lapsed(shop: Customer) -> None:
    """No paid support for years (IB-13)."""
    CustomerTerms.objects.create(customer=shop, last_paid_support_on=TODAY - timedelta(days=1500))


AT_LATEST = "have our response at the latest on"
AFTER_PAYMENT = "We begin when the payment is in."
STANDINGS = {
    "SLA24": Standing(
        lambda shop: None, "paid beforehand", "prepaid", AFTER_PAYMENT, "awaiting_payment", False
    ),
    "SLA8": Standing(licensed("infokasv3-l"), "paid beforehand", "postpaid", AT_LATEST, "new", True),
    "SLA4": Standing(maintained, "covered by your contract", None, AT_LATEST, "new", True),
    "payment status": Standing(
        lapsed, "paid beforehand", "prepaid", AFTER_PAYMENT, "awaiting_payment", False
    ),
    "charity": Standing(licensed("charity"), "free", None, AT_LATEST, "new", False),
    "phone contract": Standing(
        contracted("phone-support"), "covered by your contract", None, AT_LATEST, "new", False
    ),
}


@pytest.fixture(scope="module")
def shops(desk_served: Served) -> dict[str, Contact]:
    """Somebody of each standing."""
    found = {}
    for number, (name, standing) in enumerate(STANDINGS.items()):
        shop = Customer.objects.create(
            number=f"K-{number}", name=name, existing_since=TODAY - timedelta(days=100)
        )
        standing.has(shop)
        found[name] = contact(name.replace(" ", "-"), shop, may_order=True, may_see_money=True)
    return found


def look(page: Page, complaints: Complaints) -> None:
    """No fault that axe can find, and nothing too wide."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = faults_of(page)
    complaints.clear()  # axe itself tries styles that our policy forbids
    assert not faults, "\n".join(faults)
    assert overflow_of(page) <= 0


@pytest.mark.parametrize("name", STANDINGS)
def test_a_call_back_is_asked_for_under_every_standing_IB_15_IB_19(
    name: str, shops: dict[str, Contact], window: Window, complaints: Complaints
) -> None:
    standing = STANDINGS[name]
    page = window(
        shops[name], viewport=NARROW if name in {"SLA8", "charity"} else {"width": 1280, "height": 900}
    )
    page.goto("/my/ask/")
    look(page, complaints)
    asking.choose_topic(page)
    asking.write(page, f"Terugbellen met {name}", "Graag vandaag nog.")
    look(page, complaints)
    asking.go_on(page)
    assert page.locator("input[name=urgent]").is_enabled() is standing.may_be_urgent
    asking.mode(page, "callback").check()
    expect(page.locator(".option:has([value=callback])")).to_contain_text(standing.price)
    if standing.pays is None:
        expect(page.locator("input[name=billing_mode]")).to_have_count(0)
    else:
        page.locator(f"input[name=billing_mode][value={standing.pays}]").check()
    page.get_by_label("The number on which we reach you").fill("06 1234 5678")
    page.locator(".day .form-selectgroup-label").first.click()
    look(page, complaints)
    expect(page.locator("#terms")).to_contain_text(standing.promise)
    asking.go_on(page)
    look(page, complaints)
    asking.send(page)
    ticket = Ticket.objects.get(subject=f"Terugbellen met {name}")
    assert (ticket.answer_mode, ticket.state) == ("callback", standing.state)
    assert CallRequest.objects.get(ticket=ticket).phone == "+31612345678"
    assert ticket.call_request.preferred_times.count() == 1
    assert not Draft.objects.filter(contact=shops[name]).exists()


def test_what_was_typed_stands_there_after_the_tab_was_closed_and_the_files_too(
    shops: dict[str, Contact], window: Window, complaints: Complaints
) -> None:
    page = window(shops["SLA8"])
    page.goto("/my/ask/")
    asking.choose_topic(page)
    asking.write(page, "Halve vraag", "Nog niet af")
    page.locator("#id_files").set_input_files(
        [
            {"name": "bon.txt", "mimeType": "text/plain", "buffer": b"regel"},
            {"name": "virus.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        ]
    )
    expect(page.locator("#draft-files")).to_contain_text("bon.txt")
    expect(page.locator(".upload-failed")).to_contain_text("is a program or a web page")
    expect(page.locator("#draft-state")).to_contain_text("Kept at")
    context = page.context
    page.close()

    again = context.new_page()
    complaints.listen_to(again)
    again.goto("/my/ask/")
    expect(again.locator(".kept-notice")).to_contain_text("We kept what you wrote")
    expect(again.get_by_label("Your question in one line")).to_have_value("Halve vraag")
    expect(again.locator("#draft-files")).to_contain_text("bon.txt")
    again.get_by_role("button", name="Leave out bon.txt").click()
    expect(again.locator("#draft-files")).not_to_contain_text("bon.txt")
    look(again, complaints)
    again.get_by_role("button", name="Start over").click()
    expect(again.get_by_label("Your question in one line")).to_have_value("")
    again.get_by_role("button", name="Undo").click()
    expect(again.get_by_label("Your question in one line")).to_have_value("Halve vraag")


def test_a_file_whose_connection_breaks_is_tried_again_and_nothing_half_is_kept(
    shops: dict[str, Contact], window: Window, complaints: Complaints
) -> None:
    page = window(shops["SLA4"])
    page.goto("/my/ask/?topic=other")
    asking.go_on(page)
    page.route("**/my/drafts/files/", lambda route: route.abort("connectionreset"))
    page.locator("#id_files").set_input_files(
        [{"name": "bon.txt", "mimeType": "text/plain", "buffer": b"regel"}]
    )
    expect(page.locator(".upload-failed")).to_contain_text("the connection broke")
    complaints.clear()  # the browser says itself that the connection broke
    page.unroute("**/my/drafts/files/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#draft-files")).to_contain_text("bon.txt")


PASTE = """names => {
    const clipboard = new DataTransfer();
    for (const name of names) clipboard.items.add(new File(["picture"], name, {type: "image/png"}));
    document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""
"""Press Ctrl-V with these pictures on the clipboard."""


def test_a_picture_is_pasted_into_the_question_and_goes_along_with_it(
    shops: dict[str, Contact], window: Window
) -> None:
    page = window(shops["SLA4"])
    page.goto("/my/ask/?topic=other")
    asking.go_on(page)
    asking.write(page, "Foutmelding", "Zie het plaatje.")
    page.evaluate(PASTE, ["schermafdruk.png"])
    expect(page.locator("#draft-files")).to_contain_text("schermafdruk.png")
    page.evaluate(PASTE, ["plaatje.png.exe"])
    expect(page.locator(".upload-failed")).to_contain_text("is a program or a web page")
    asking.go_on(page)
    asking.go_on(page)
    asking.send(page)
    message = Ticket.objects.get(subject="Foutmelding").messages.get()
    assert [each.name for each in message.attachments.all()] == ["schermafdruk.png"]


DRAG = """names => {
    const carried = new DataTransfer();
    for (const name of names) carried.items.add(new File([name], name, {type: "image/png"}));
    for (const what of ["dragenter", "dragover", "drop"]) {
        const event = new DragEvent(what, {dataTransfer: carried, bubbles: true, cancelable: true});
        document.querySelector("[data-drop-zone]").dispatchEvent(event);
        if (!event.defaultPrevented) throw new Error(`The browser opens the file itself at ${what}.`);
    }
}"""
"""Drag these pictures from another window onto the form and let go."""


def test_pictures_are_dragged_into_the_question_and_taken_with_the_camera(
    shops: dict[str, Contact], window: Window
) -> None:
    page = window(shops["SLA4"])
    page.goto("/my/ask/?topic=other")
    asking.go_on(page)
    asking.write(page, "Foto van de kassa", "Zie de foto’s.")
    page.evaluate(DRAG, ["voorkant.png", "achterkant.png"])
    expect(page.locator("#draft-files")).to_contain_text("voorkant.png")
    expect(page.locator("#draft-files")).to_contain_text("achterkant.png")
    camera = page.get_by_label("Take a picture")
    assert (camera.get_attribute("capture"), camera.get_attribute("accept")) == ("environment", "image/*")
    camera.set_input_files([{"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": b"snapshot"}])
    expect(page.locator("#draft-files")).to_contain_text("IMG_0001.jpg")
    asking.go_on(page)
    asking.go_on(page)
    asking.send(page)
    message = Ticket.objects.get(subject="Foto van de kassa").messages.get()
    assert sorted(each.name for each in message.attachments.all()) == [
        "IMG_0001.jpg",
        "achterkant.png",
        "voorkant.png",
    ]


def test_topics_are_found_by_a_word(shops: dict[str, Contact], window: Window) -> None:
    page = window(shops["phone contract"])
    page.goto("/my/ask/")
    search = page.get_by_role("searchbox", name="Search the topics")
    search.fill("scanner")
    expect(page.locator(".topic-card:visible")).to_have_text(["Scanner does not read"])
    search.fill("zeppelin")
    expect(page.get_by_text("No topic has that word.")).to_be_visible()
    search.fill("")
    expect(page.locator("details.topic-branch:visible")).to_have_count(3)


def test_the_session_ends_while_somebody_types_and_nothing_is_lost(
    shops: dict[str, Contact], window: Window
) -> None:
    page = window(shops["charity"])
    page.goto("/my/ask/")
    asking.choose_topic(page)
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    asking.write(page, "Na het uitloggen", "Dit typte ik zonder sessie.")
    expect(page.locator("#draft-state")).to_contain_text("You have been logged out.")
    page.context.add_cookies([each for each in session if each["name"] == "sessionid"])  # logged in again
    page.get_by_role("link", name="Log in and go on").click()
    expect(page.get_by_label("Your question in one line")).to_have_value("Na het uitloggen")
    expect(page.get_by_label("Your message")).to_have_value("Dit typte ik zonder sessie.")


def test_what_is_typed_while_earlier_words_are_being_kept_is_kept_too(
    shops: dict[str, Contact], window: Window
) -> None:
    page = window(shops["SLA24"])
    page.goto("/my/ask/")
    asking.choose_topic(page)
    page.wait_for_load_state("networkidle")
    under_way: list[Route] = []
    page.route("**/my/drafts/", lambda route: under_way.append(route), times=1)
    with page.expect_request("**/my/drafts/"):
        page.get_by_label("Your question in one line").fill("Lade klemt")
    page.get_by_label("Your message").fill("Dit typte ik tijdens het bewaren.")
    with page.expect_response("**/my/drafts/"):
        under_way[0].continue_()
    page.goto("/my/")
    page.goto("/my/ask/")
    expect(page.get_by_label("Your message")).to_have_value("Dit typte ik tijdens het bewaren.")


def test_without_javascript_a_call_back_is_asked_for_all_the_same_IB_15(
    shops: dict[str, Contact], window: Window, complaints: Complaints
) -> None:
    page = window(shops["SLA8"], java_script_enabled=False)
    page.goto("/my/ask/?topic=other")
    asking.choose_topic(page)
    asking.write(page, "Terugbellen zonder script", "Kan dat?")
    asking.mode(page, "callback").check()
    page.locator("input[name=billing_mode][value=postpaid]").check()
    page.get_by_label("The number on which we reach you").fill("geen nummer")
    page.get_by_role("button", name="Show the terms of what I chose").click()
    expect(page.locator("#terms")).to_contain_text("paid afterwards")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("A phone number has no letters")).to_be_visible()
    complaints.clear()  # the browser tells of the 422
    page.get_by_label("The number on which we reach you").fill("0612345678")
    page.locator("#id_files").set_input_files(
        [{"name": "bon.txt", "mimeType": "text/plain", "buffer": b"regel"}]
    )
    asking.send(page)
    ticket = Ticket.objects.get(subject="Terugbellen zonder script")
    assert (ticket.billing_mode, ticket.call_request.phone) == ("postpaid", "+31612345678")
    assert [each.name for each in ticket.messages.get().attachments.all()] == ["bon.txt"]
