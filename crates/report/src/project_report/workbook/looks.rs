//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use yagura_model::{Answer, Severity};

/// The formats of a workbook.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) header: Format,
    pub(super) label: Format,
    pub(super) text: Format,
    pub(super) number: Format,
    pub(super) decimal: Format,
    pub(super) moment: Format,
    pub(super) day: Format,
    pub(super) late: Format,
    pub(super) link: Format,
    pub(super) note: Format,
    severities: [Format; 5],
    answers: [Format; 5],
}

impl Looks {
    pub(super) fn new() -> Self {
        let plain = || Format::new().set_align(FormatAlign::Top);
        let filled = |paper: u32, ink: u32| {
            plain().set_background_color(Color::RGB(paper)).set_font_color(Color::RGB(ink)).set_bold()
        };
        Self {
            title: Format::new().set_bold().set_font_size(18),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x27_42_73))
                .set_border_bottom(FormatBorder::Thin),
            label: plain().set_bold(),
            text: plain(),
            number: plain().set_num_format("#,##0"),
            decimal: plain().set_num_format("0.0"),
            moment: plain().set_num_format("yyyy-mm-dd hh:mm"),
            day: plain().set_num_format("yyyy-mm-dd"),
            late: filled(0xFD_E2_E2, 0xA5_0F_2D).set_num_format("yyyy-mm-dd"),
            link: plain().set_hyperlink(),
            note: plain().set_italic().set_font_color(Color::RGB(0x59_62_6F)),
            severities: [
                filled(0xEC_EE_F1, 0x45_4D_59),
                filled(0xD9_EC_F8, 0x1B_55_80),
                filled(0xFF_F0_C2, 0x6B_4E_00),
                filled(0xFF_DC_C2, 0x9A_34_05),
                filled(0xA5_0F_2D, 0xFF_FF_FF),
            ],
            answers: [
                filled(0xDD_F3_E4, 0x1F_5C_38),
                filled(0xFD_E2_E2, 0xA5_0F_2D),
                plain(),
                filled(0xFF_F0_C2, 0x6B_4E_00),
                filled(0xEC_EE_F1, 0x45_4D_59),
            ],
        }
    }

    pub(super) fn severity(&self, it: Severity) -> &Format {
        let [informational, low, medium, high, critical] = &self.severities;
        match it {
            Severity::Informational => informational,
            Severity::Low => low,
            Severity::Medium => medium,
            Severity::High => high,
            Severity::Critical => critical,
        }
    }

    pub(super) fn answer(&self, it: Answer) -> &Format {
        let [compliant, non_compliant, not_applicable, insufficient_data, manual] = &self.answers;
        match it {
            Answer::Compliant => compliant,
            Answer::NonCompliant => non_compliant,
            Answer::NotApplicable => not_applicable,
            Answer::InsufficientData => insufficient_data,
            Answer::Manual => manual,
        }
    }
}

/// The colour of a severity in charts.
pub(super) fn ink(it: Severity) -> Color {
    Color::RGB(match it {
        Severity::Critical => 0xA5_0F_2D,
        Severity::High => 0xC9_48_0B,
        Severity::Medium => 0xE0_A8_00,
        Severity::Low => 0x24_69_9B,
        Severity::Informational => 0x8A_93_A0,
    })
}
