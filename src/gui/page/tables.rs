//! Adapters, routes, neighbors, packet filter and what could not be read: the facts as they were read.

use std::net::IpAddr;

use egui::{RichText, Ui};
use egui_extras::{Column, TableBuilder};

use super::common::{capitalized, draft_box, explained, note};
use super::{Header, Scene, header, second};
use crate::diagram::plain;
use crate::gui::icon::Icon;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{InputField, State, card, chip, empty_state, segmented};
use crate::model::{
    Adapter, Chain, FilterAction, Gap, Hook, LookUp, Neighbor, NeighborState, Route, System, Why,
};
use crate::wizard::Command;
use crate::wizard::state::Draft;

/// Most rows that are made ready; a filter finds the others.
const MAX_ROWS: usize = 5_000;

/// The tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Table {
    /// Adapters.
    #[default]
    Adapters,
    /// Routes.
    Routes,
    /// Neighbors.
    Neighbors,
    /// The packet filter.
    Filter,
    /// Which way a packet would go.
    Way,
    /// What could not be read.
    Unread,
}

impl Table {
    /// Every table with the key of its name.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Adapters, "window-tables-adapters"),
        (Self::Routes, "window-tables-routes"),
        (Self::Neighbors, "window-tables-neighbors"),
        (Self::Filter, "window-tables-filter"),
        (Self::Way, "window-tables-way"),
        (Self::Unread, "window-tables-unread"),
    ];
}

/// A table ready for drawing.
struct Grid {
    /// Keys of the column titles with the least width of each; the last takes the rest.
    columns: Vec<(&'static str, f32)>,
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    /// Whether it is the row that wins.
    marked: bool,
}

impl Row {
    fn plain(cells: Vec<String>) -> Self {
        Self { cells, marked: false }
    }
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let title = scene.text("page-tables");
    let host = &scene.state.facts.host;
    let subtitle = [&host.host_name, &host.os_name]
        .into_iter()
        .flatten()
        .map(|text| plain(text))
        .collect::<Vec<_>>()
        .join(" · ");
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    let live = scene.state.origin.is_live();
    header(ui, scene, shown, |ui, scene| {
        if live {
            second(ui, scene, "window-overview-scan", Command::Scan);
        }
    });
    ui.horizontal_wrapped(|ui| {
        let names: Vec<String> = Table::ALL.iter().map(|(_, key)| scene.text(key)).collect();
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        let name = scene.text("page-tables");
        let mut chosen = Table::ALL
            .iter()
            .position(|(table, _)| *table == scene.view.table)
            .unwrap_or(0);
        if segmented(ui, &name, &shown, &mut chosen)
            && let Some((table, _)) = Table::ALL.get(chosen)
        {
            scene.view.table = *table;
        }
    });
    ui.add_space(space::STEP);
    if scene.view.table == Table::Way {
        card(ui, |ui| super::way::draw(ui, scene));
        return;
    }
    card(ui, |ui| {
        boxes(ui, scene);
        let facts = std::sync::Arc::clone(&scene.state.facts);
        let host = &facts.host;
        let gap = match scene.view.table {
            Table::Adapters => host.adapters.gap(),
            Table::Routes => host.routes.gap(),
            Table::Neighbors => host.neighbors.gap(),
            Table::Filter => host.filter.gap(),
            Table::Unread | Table::Way => None,
        };
        if let Some(gap) = gap {
            missing(ui, scene, gap);
            return;
        }
        let filter = scene.draft(Draft::TableFilter).trim().to_lowercase();
        let mut grid = grid(scene, host);
        if !filter.is_empty() {
            grid.rows
                .retain(|row| row.cells.iter().any(|cell| cell.to_lowercase().contains(&filter)));
        }
        if grid.rows.is_empty() {
            let key = if filter.is_empty() {
                "window-tables-none"
            } else {
                "window-tables-no-match"
            };
            let (title, text) = (scene.text(key), scene.text(&format!("{key}-text")));
            empty_state(ui, Icon::Empty, &title, &text, |_| {});
            return;
        }
        show(ui, scene, &grid);
    });
}

fn boxes(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal_wrapped(|ui| {
        let width = (ui.available_width() / 2.0 - space::GAP).clamp(120.0, 280.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            let label = scene.text("window-tables-filter-box");
            let field = InputField {
                label: &label,
                ..InputField::default()
            };
            draft_box(ui, scene, Draft::TableFilter, &field);
        });
        if scene.view.table == Table::Routes {
            ui.vertical(|ui| {
                ui.set_width(width);
                let typed = scene.draft(Draft::LookUp);
                let wrong = !typed.trim().is_empty() && typed.trim().parse::<IpAddr>().is_err();
                let (label, error) = (
                    scene.text("window-tables-look-up"),
                    scene.text("window-symptom-address-wrong"),
                );
                let field = InputField {
                    label: &label,
                    hint: "192.168.122.15",
                    error: wrong.then_some(error.as_str()),
                    mono: true,
                    rows: 1,
                };
                explained(ui, scene, "route", |ui, scene| {
                    draft_box(ui, scene, Draft::LookUp, &field)
                });
            });
        }
    });
    if scene.view.table == Table::Routes {
        winner(ui, scene);
    }
    ui.add_space(space::STEP);
}

/// What becomes of a packet to the address that was typed.
fn winner(ui: &mut Ui, scene: &Scene<'_>) {
    let Ok(address) = scene.draft(Draft::LookUp).trim().parse::<IpAddr>() else {
        return;
    };
    let (state, text) = match scene.state.facts.host.look_up(address, None) {
        LookUp::Row(route) => (
            State::Ok,
            scene.with("window-tables-wins", &[("route", &plain(&route.describe()))]),
        ),
        LookUp::Policy(rule) => {
            let number = rule.priority.to_string();
            (
                State::Broken,
                scene.with("window-tables-policy", &[("rule", &number)]),
            )
        }
        LookUp::NoRoute => (State::Broken, scene.text("window-tables-no-route")),
        LookUp::Unknown => (State::Unknown, scene.text("window-tables-unknown-route")),
    };
    chip(ui, state, &text);
}

/// The table is not known: why.
fn missing(ui: &mut Ui, scene: &Scene<'_>, gap: &Gap) {
    if scene.state.scan.is_running() {
        let (title, text) = (
            scene.text("window-picture-filling"),
            scene.text("window-picture-filling-text"),
        );
        empty_state(ui, Icon::Dots, &title, &text, |_| {});
        return;
    }
    let key = match gap.why {
        Why::TimedOut => "window-gap-timed-out",
        Why::NoPermission => "window-gap-no-permission",
        Why::ToolMissing => "window-gap-tool-missing",
        Why::Failed => "window-gap-failed",
        Why::CouldNotParse => "window-gap-could-not-parse",
        Why::TooLarge => "window-gap-too-large",
        Why::NotAsked => "window-gap-not-asked",
    };
    let title = scene.text("window-gap-title");
    let mut text = scene.text(key);
    if !gap.detail.is_empty() {
        text.push('\n');
        text.push_str(&plain(&gap.detail));
    }
    empty_state(ui, Icon::Question, &title, &text, |_| {});
}

fn grid(scene: &Scene<'_>, host: &System) -> Grid {
    match scene.view.table {
        Table::Adapters => Grid {
            columns: vec![
                ("window-column-adapter", 130.0),
                ("window-column-state", 110.0),
                ("window-column-addresses", 190.0),
                ("window-column-mac", 150.0),
                ("window-column-kind", 110.0),
                ("window-column-belongs", 120.0),
            ],
            rows: host
                .adapters
                .rows()
                .iter()
                .take(MAX_ROWS)
                .map(|one| adapter(scene, one))
                .collect(),
        },
        Table::Routes => {
            let winner = scene
                .draft(Draft::LookUp)
                .trim()
                .parse::<IpAddr>()
                .ok()
                .and_then(|address| match host.look_up(address, None) {
                    LookUp::Row(route) => Some(route),
                    _ => None,
                });
            Grid {
                columns: vec![
                    ("window-column-destination", 190.0),
                    ("window-column-router", 150.0),
                    ("window-column-adapter", 130.0),
                    ("window-column-metric", 70.0),
                    ("window-column-table", 70.0),
                    ("window-column-origin", 100.0),
                ],
                rows: host
                    .routes
                    .rows()
                    .iter()
                    .take(MAX_ROWS)
                    .map(|one| route(scene, one, winner.is_some_and(|winner| std::ptr::eq(winner, one))))
                    .collect(),
            }
        }
        Table::Neighbors => Grid {
            columns: vec![
                ("window-column-address", 190.0),
                ("window-column-mac", 160.0),
                ("window-column-adapter", 130.0),
                ("window-column-state", 140.0),
            ],
            rows: host
                .neighbors
                .rows()
                .iter()
                .take(MAX_ROWS)
                .map(|one| neighbor(scene, one))
                .collect(),
        },
        Table::Filter => Grid {
            columns: vec![
                ("window-column-chain", 210.0),
                ("window-column-hook", 110.0),
                ("window-column-packets", 80.0),
                ("window-column-rule", 360.0),
            ],
            rows: filter_rows(scene, host),
        },
        // The way of a packet is no grid and is drawn by itself.
        Table::Unread | Table::Way => Grid {
            columns: vec![
                ("window-column-what", 200.0),
                ("window-column-why", 180.0),
                ("window-column-how", 300.0),
            ],
            rows: scene
                .state
                .facts
                .unread
                .iter()
                .take(MAX_ROWS)
                .map(|unread| {
                    let (what, why) = scene.language.unread(unread);
                    Row::plain(vec![plain(&what), plain(&why), plain(&unread.how)])
                })
                .collect(),
        },
    }
}

fn text_of<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// The name that a case file gives to a value of an enum.
fn word_of<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn adapter(scene: &Scene<'_>, adapter: &Adapter) -> Row {
    let state = match (adapter.enabled, adapter.carrier) {
        (Some(false), _) => "window-adapter-off",
        (_, Some(false)) => "window-adapter-no-carrier",
        (Some(true), _) => "window-adapter-up",
        (None, _) => "power-unknown",
    };
    let addresses = match &adapter.addresses {
        None => "–".to_owned(),
        Some(_) => adapter
            .nets()
            .map(|net| net.to_string())
            .collect::<Vec<_>>()
            .join(", "),
    };
    let belongs = adapter.master.as_deref().or(adapter.lower.as_deref());
    Row::plain(vec![
        plain(&adapter.name),
        capitalized(&scene.text(state)),
        addresses,
        text_of(adapter.mac),
        word_of(adapter.kind),
        belongs.map_or_else(|| "–".to_owned(), plain),
    ])
}

fn route(scene: &Scene<'_>, route: &Route, marked: bool) -> Row {
    let mut destination = if route.is_default() {
        scene.text("window-route-default")
    } else {
        route.destination.to_string()
    };
    if route.discards() {
        destination.push_str(&format!(" ({})", word_of(route.kind)));
    }
    Row {
        cells: vec![
            destination,
            route
                .via
                .map_or_else(|| scene.text("window-route-direct"), |via| via.to_string()),
            route.adapter.as_deref().map_or_else(|| "–".to_owned(), plain),
            text_of(route.metric),
            text_of(route.table),
            route.protocol.as_deref().map_or_else(|| "–".to_owned(), plain),
        ],
        marked,
    }
}

fn neighbor(scene: &Scene<'_>, neighbor: &Neighbor) -> Row {
    let state = match neighbor.state {
        NeighborState::Unknown => scene.text("power-unknown"),
        state => word_of(state),
    };
    Row::plain(vec![
        neighbor.address.to_string(),
        text_of(neighbor.mac),
        neighbor.adapter.as_deref().map_or_else(|| "–".to_owned(), plain),
        state,
    ])
}

fn filter_rows(scene: &Scene<'_>, host: &System) -> Vec<Row> {
    let mut rows = Vec::new();
    for chain in host
        .filter
        .value()
        .map_or(&[][..], |filter| filter.chains.as_slice())
    {
        let name = format!(
            "{} {} {}",
            word_of(chain.family),
            plain(&chain.table),
            plain(&chain.name)
        );
        let hook = chain.hook.map_or_else(|| "–".to_owned(), hook_word);
        rows.push(Row::plain(vec![name, hook, String::new(), policy(scene, chain)]));
        for rule in &chain.rules {
            if rows.len() >= MAX_ROWS {
                return rows;
            }
            rows.push(Row::plain(vec![
                String::new(),
                String::new(),
                rule.packets
                    .map(|packets| packets.to_string())
                    .unwrap_or_default(),
                plain(&rule.text),
            ]));
        }
    }
    rows
}

fn hook_word(hook: Hook) -> String {
    word_of(hook)
}

fn policy(scene: &Scene<'_>, chain: &Chain) -> String {
    match &chain.policy {
        None => scene.with("window-filter-rules", &[("n", &chain.rules.len().to_string())]),
        Some(action) => {
            let word = match action {
                FilterAction::Accept => "accept",
                FilterAction::Drop => "drop",
                _ => "other",
            };
            scene.with(
                "window-filter-policy",
                &[("policy", word), ("n", &chain.rules.len().to_string())],
            )
        }
    }
}

fn show(ui: &mut Ui, scene: &Scene<'_>, grid: &Grid) {
    let least: f32 = grid.columns.iter().map(|(_, width)| width).sum();
    let colors = tokens(ui);
    note(
        ui,
        &scene.with("window-tables-rows", &[("n", &grid.rows.len().to_string())]),
    );
    let height = (ui.ctx().content_rect().height() - 330.0).max(220.0);
    egui::ScrollArea::horizontal().id_salt("table").show(ui, |ui| {
        // The rule between two columns stands in the middle of the gap.
        ui.spacing_mut().item_spacing.x = 2.0 * space::GAP;
        ui.set_min_width(ui.available_width().max(least + 100.0));
        let mut table = TableBuilder::new(ui)
            .id_salt((
                "table",
                grid.columns.len(),
                grid.columns.first().map(|(key, _)| *key),
            ))
            .striped(false)
            .resizable(true)
            .min_scrolled_height(160.0)
            .max_scroll_height(height);
        for (index, (_, width)) in grid.columns.iter().enumerate() {
            table = table.column(if index + 1 == grid.columns.len() {
                Column::remainder().at_least(*width).clip(true)
            } else {
                Column::initial(*width).at_least(50.0).clip(true)
            });
        }
        table
            .header(26.0, |mut row| {
                for (key, _) in &grid.columns {
                    row.col(|ui| {
                        let title = RichText::new(scene.text(key)).font(font::small());
                        ui.add(egui::Label::new(title.color(colors.text2)).truncate());
                    });
                }
            })
            .body(|body| {
                body.rows(24.0, grid.rows.len(), |mut row| {
                    let Some(shown) = grid.rows.get(row.index()) else {
                        return;
                    };
                    row.set_selected(shown.marked);
                    for (index, cell) in shown.cells.iter().enumerate() {
                        row.col(|ui| {
                            let mut text = RichText::new(cell).font(font::fact()).color(colors.text);
                            if shown.marked && index == 0 {
                                let wins = scene.text("window-tables-winner");
                                text = RichText::new(format!("→ {cell} · {wins}")).font(font::fact());
                                text = text.color(colors.accent);
                            }
                            ui.add(egui::Label::new(text).truncate());
                        });
                    }
                });
            });
    });
}
