//! Every page in every look: no text is cut off, lies on another, or is unknown to a screen reader.

use std::collections::BTreeSet;

use egui::accesskit;
use egui_kittest::Harness;
use vmnet_doctor::locale::Language;
use vmnet_doctor::wizard::example::Example;
use vmnet_doctor::wizard::{Command, Theme};

use super::painted::Frame;
use super::views::every_view;
use super::{EVERY_PAGE, Walk, plain_window};

/// Windows in points, the scale of their pixels, and how much everything is enlarged.
const LOOKS: [([f32; 2], f32, f32); 7] = [
    ([900.0, 600.0], 1.0, 1.0),
    ([900.0, 600.0], 2.0, 1.0),
    ([1600.0, 1000.0], 1.0, 1.0),
    ([1600.0, 1000.0], 2.0, 1.0),
    ([900.0, 600.0], 1.0, 2.0),
    ([1600.0, 1000.0], 1.0, 2.0),
    ([480.0, 320.0], 1.0, 1.0),
];

/// What the pages show.
#[derive(Clone, Copy, Debug)]
enum Content {
    Nothing,
    Checked(Example),
}

fn show(walk: &mut Walk<'_>, content: Content) {
    if let Content::Checked(example) = content {
        walk.send(Command::OpenExample(example));
        walk.send(Command::StartCheck);
    }
    walk.dismiss_toasts();
}

/// Scrolls the page to its end, step by step, and hands out every frame.
fn every_part(walk: &mut Walk<'_>, height: f32, mut judge: impl FnMut(&Frame)) {
    judge(&Frame::of(&walk.window));
    for _ in 0..12 {
        let before = format!("{:?}", Frame::of(&walk.window));
        let size = walk.window.ctx.content_rect();
        walk.window.event(egui::Event::PointerMoved(egui::pos2(
            size.right() - 30.0,
            size.center().y,
        )));
        walk.window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -height * 0.6),
            phase: egui::TouchPhase::Move,
            modifiers: egui::Modifiers::NONE,
            source: egui::MouseWheelSource::Unknown,
        });
        walk.window.run_ok();
        let frame = Frame::of(&walk.window);
        if format!("{frame:?}") == before {
            return;
        }
        judge(&frame);
    }
}

#[test]
fn no_text_is_cut_off_or_lies_on_another_on_any_page() {
    let mut faults = BTreeSet::new();
    let mut frames = 0;
    for (size, pixels, zoom) in LOOKS {
        for language in Language::ALL {
            for theme in [Theme::Light, Theme::Dark] {
                let mut walk = plain_window(language, theme, size, pixels);
                walk.window.ctx.set_zoom_factor(zoom);
                let example = Content::Checked(Example::LibvirtEchoFiltered);
                for content in [Content::Nothing, example] {
                    show(&mut walk, content);
                    for page in EVERY_PAGE {
                        walk.send(Command::Go(page));
                        every_part(&mut walk, size[1] / zoom, |frame| {
                            frames += 1;
                            assert!(frame.visible() > 0, "{page:?} is empty");
                            for fault in frame.faults() {
                                let (width, height) = (size[0], size[1]);
                                let place = format!("{} {width}x{height}", page.name());
                                faults.insert(format!(
                                    "{place} @{pixels} x{zoom} {} {theme:?} {content:?}: {fault}",
                                    language.name()
                                ));
                            }
                        });
                    }
                }
            }
        }
    }
    let list: Vec<String> = faults.into_iter().collect();
    assert!(
        list.is_empty(),
        "{} faults in {frames} frames:\n{}",
        list.len(),
        list.join("\n")
    );
}

/// The same for everything else that the window shows: lessons, tables, plans, dialogs, the monitor at work.
#[test]
fn no_text_is_cut_off_in_any_lesson_table_or_dialog() {
    let mut faults = BTreeSet::new();
    for (language, size) in [
        (Language::English, [900.0, 600.0]),
        (Language::Chinese, [900.0, 600.0]),
        (Language::English, [1600.0, 1000.0]),
    ] {
        let mut walk = plain_window(language, Theme::Light, size, 1.0);
        show(&mut walk, Content::Checked(Example::LibvirtEchoFiltered));
        every_view(&mut walk, |walk, view| {
            for fault in Frame::of(&walk.window).faults() {
                faults.insert(format!("{view} {language:?} {size:?}: {fault}"));
            }
        });
    }
    let list: Vec<String> = faults.into_iter().collect();
    assert!(list.is_empty(), "{} faults:\n{}", list.len(), list.join("\n"));
}

/// The judge itself: each kind of fault is planted once and found, and a sound page has none.
#[test]
fn a_planted_clipped_label_is_found() {
    let judged = |draw: fn(&mut egui::Ui)| {
        let mut harness = Harness::builder()
            .with_size([300.0, 200.0])
            .with_context_setup(vmnet_doctor::gui::fonts::install)
            .build_ui(draw);
        harness.run();
        Frame::of(&harness).faults()
    };
    let sound = judged(|ui| {
        ui.label("a sound label");
        ui.label("and another under it");
    });
    assert_eq!(sound, Vec::<String>::new());
    let clipped = judged(|ui| {
        let rect = egui::Rect::from_min_size(ui.cursor().min, egui::vec2(40.0, 20.0));
        ui.scope(|ui| {
            ui.set_clip_rect(rect);
            ui.add(egui::Label::new("a label that is wider than its room").extend());
        });
    });
    assert!(
        clipped.iter().any(|fault| fault.starts_with("cut off")),
        "{clipped:?}"
    );
    let too_wide = judged(|ui| {
        let (rect, response) = ui.allocate_exact_size(egui::vec2(40.0, 20.0), egui::Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(accesskit::Role::Label, true, "named"));
        let color = ui.visuals().text_color();
        ui.painter().text(
            rect.min,
            egui::Align2::LEFT_TOP,
            "wider than its rectangle",
            Default::default(),
            color,
        );
    });
    assert!(
        too_wide
            .iter()
            .any(|fault| fault.starts_with("not in the rectangle")),
        "{too_wide:?}"
    );
    let colliding = judged(|ui| {
        let rect = ui.label("one label").rect;
        ui.put(rect, egui::Label::new("the next one"));
    });
    assert!(
        colliding.iter().any(|fault| fault.starts_with("on each other")),
        "{colliding:?}"
    );
}
