//! A machine with more than fits, and with names that nobody would choose: thirty segments, two hundred machines.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use vmnet_doctor::locale::Language;
use vmnet_doctor::wizard::state::Page;
use vmnet_doctor::wizard::{Command, Theme};

use super::crowd_case::crowd;
use super::painted::Frame;
use super::{Walk, plain_window};

fn on_crowd<'a>(language: Language, size: [f32; 2], pixels: f32) -> Walk<'a> {
    let mut walk = plain_window(language, Theme::Light, size, pixels);
    // No face here has every script; on a desktop its own fonts step in, and else a box is drawn.
    walk.window
        .ctx
        .set_missing_glyph_policy(egui::epaint::text::MissingGlyphPolicy::Tofu);
    walk.scan(crowd());
    walk.window.run_ok();
    walk.dismiss_toasts();
    walk
}

fn button(walk: &Walk<'_>, starts: &str) -> Option<egui::Rect> {
    let all = walk.window.root().children_recursive();
    let mut of_name = all.filter(|node| {
        let told = node.accesskit_node();
        told.role() == Role::Button && told.label().is_some_and(|label| label.starts_with(starts))
    });
    of_name.next().map(|node| node.rect())
}

#[test]
fn thirty_segments_and_two_hundred_machines_stay_readable() {
    for (size, pixels) in [
        ([1600.0, 1000.0], 1.0),
        ([900.0, 600.0], 3.0),
        ([480.0, 320.0], 1.0),
    ] {
        for language in Language::ALL {
            let mut walk = on_crowd(language, size, pixels);
            for page in super::EVERY_PAGE {
                walk.send(Command::Go(page));
                assert_eq!(
                    Frame::of(&walk.window).faults(),
                    Vec::<String>::new(),
                    "{page:?} {size:?} {language:?}"
                );
            }
        }
    }
}

/// All of it at a glance with one button, and back to where one came from.
#[test]
fn a_picture_that_is_too_large_is_made_to_fit() {
    let mut walk = on_crowd(Language::English, [1600.0, 1000.0], 1.0);
    walk.send(Command::Go(Page::Overview));
    let fit = walk.language.text("window-picture-fit");
    assert!(button(&walk, "virbr29").is_none_or(|place| place.bottom() > 1000.0));
    let place = button(&walk, &fit).expect("the button");
    walk.window
        .get_by(|node| node.label().is_some_and(|label| label.starts_with(&fit)))
        .click();
    walk.window.run_ok();
    // Nothing is left out: every segment's port is on the picture, and all of it in the window.
    let screen = walk.window.ctx.content_rect();
    for index in (0..30).filter(|index| *index != 3) {
        let port = button(&walk, &format!("virbr{index}")).unwrap_or_else(|| panic!("no port {index}"));
        assert!(screen.contains_rect(port), "{index}: {port:?}");
        assert!(port.height() < 40.0 && place.is_positive(), "{index}: {port:?}");
    }
}

/// What had no room of its own is in a list that one click opens, and can be picked there.
#[test]
fn machines_without_room_are_picked_from_a_list() {
    let mut walk = on_crowd(Language::English, [900.0, 600.0], 1.0);
    walk.send(Command::Go(Page::Overview));
    let more = walk
        .window
        .root()
        .children_recursive()
        .find(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label.starts_with("+ ") && label.contains("machine")
        })
        .expect("a group");
    more.click();
    walk.window.run_ok();
    let machine = walk
        .window
        .root()
        .children_recursive()
        .filter(|node| node.accesskit_node().role() == Role::Button)
        .find(|node| {
            node.accesskit_node()
                .label()
                .is_some_and(|label| label.starts_with("machine") && label.contains("  10.7."))
        })
        .expect("a machine in the list");
    machine.click();
    walk.window.step();
    walk.window.step();
    let state = walk.window.state().wizard().state();
    assert!(
        state
            .detection
            .vm
            .as_deref()
            .is_some_and(|name| name.starts_with("machine")),
        "{:?}",
        state.detection.vm
    );
}

/// The wheel with Ctrl looks closer and what is under the pointer stays there; the wheel alone moves the picture.
#[test]
fn the_wheel_zooms_around_the_pointer_and_moves_the_picture() {
    let mut walk = on_crowd(Language::English, [1600.0, 1000.0], 1.0);
    walk.send(Command::Go(Page::Overview));
    let place = |walk: &Walk<'_>| button(walk, "virbr1").expect("a port");
    let before = place(&walk);
    let turn = |walk: &mut Walk<'_>, by: f32, modifiers: egui::Modifiers| {
        walk.window.event(egui::Event::PointerMoved(before.center()));
        walk.window.run_ok();
        walk.window.event_modifiers(
            egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, by),
                phase: egui::TouchPhase::Move,
                modifiers,
                source: egui::MouseWheelSource::Unknown,
            },
            modifiers,
        );
        walk.window.run_ok();
        walk.window.run_ok();
    };
    turn(&mut walk, 120.0, egui::Modifiers::COMMAND);
    let closer = place(&walk);
    assert!(closer.height() > before.height() * 1.1, "{before:?} {closer:?}");
    assert!(
        closer.center().distance(before.center()) < before.height(),
        "{before:?} {closer:?}"
    );
    turn(&mut walk, -120.0, egui::Modifiers::COMMAND);
    let again = place(&walk);
    assert!(
        (again.height() - before.height()).abs() < 1.5,
        "{before:?} {again:?}"
    );
    turn(&mut walk, -60.0, egui::Modifiers::NONE);
    let moved = place(&walk);
    assert!(
        moved.top() < again.top() - 20.0 && moved.size() == again.size(),
        "{again:?} {moved:?}"
    );
}

/// Dragging its ground moves the picture; nothing is picked by that.
#[test]
fn dragging_the_ground_moves_the_picture() {
    let mut walk = on_crowd(Language::English, [1600.0, 1000.0], 1.0);
    walk.send(Command::Go(Page::Overview));
    let before = button(&walk, "virbr2").expect("a port");
    // Left of the host's column are only names.
    let ground = egui::pos2(before.left() - 40.0, before.bottom() + 40.0);
    walk.window.event(egui::Event::PointerMoved(ground));
    walk.window.step();
    walk.window.drag_at(ground);
    walk.window.step();
    for step in 1..=6 {
        walk.window.event(egui::Event::PointerMoved(
            ground - egui::vec2(0.0, 20.0 * step as f32),
        ));
        walk.window.step();
    }
    walk.window.drop_at(ground - egui::vec2(0.0, 120.0));
    walk.window.run_ok();
    let after = button(&walk, "virbr2").expect("a port");
    assert!(after.top() < before.top() - 60.0, "{before:?} {after:?}");
    assert_eq!(walk.window.state().wizard().state().detection.vm, None);
}
