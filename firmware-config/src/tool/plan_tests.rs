use super::*;
use crate::port::Link;
use crate::profile::DeviceProfile;
use crate::tool::catalog::{SettingSpec, Values};
use proptest::prelude::*;

fn catalog(id: &str) -> Catalog {
    let profile = DeviceProfile::built_in(id).unwrap();
    Catalog::of(&profile, &Link::serial("/dev/x", 9_600)).unwrap()
}

/// Any value the setting takes; `written`: with switches left as they are.
fn value_of(spec: &SettingSpec, written: bool) -> BoxedStrategy<SettingValue> {
    match &spec.values {
        Values::Range(least, most) => (*least..=*most)
            .prop_map(|number| SettingValue::Number(i64::from(number)))
            .boxed(),
        Values::Codes(codes) => prop::sample::select(codes.clone())
            .prop_map(|(_, value)| value)
            .boxed(),
        Values::Switches if written => "[01x]{8}".prop_map(SettingValue::Word).boxed(),
        Values::Switches => "[01]{8}".prop_map(SettingValue::Word).boxed(),
    }
}

fn any_settings(catalog: &Catalog, written: bool) -> BoxedStrategy<Settings> {
    let values: Vec<_> = catalog
        .specs()
        .iter()
        .map(|spec| (Just(spec.name.clone()), value_of(spec, written)))
        .collect();
    values.prop_map(|pairs| pairs.into_iter().collect()).boxed()
}

fn some_settings(catalog: &Catalog) -> BoxedStrategy<Settings> {
    let count = catalog.specs().len();
    let mask = prop::collection::vec(any::<bool>(), count);
    (any_settings(catalog, true), mask)
        .prop_map(|(settings, mask)| {
            let kept = settings.into_iter().zip(mask).filter(|(_, keep)| *keep);
            kept.map(|(setting, _)| setting).collect()
        })
        .boxed()
}

/// A device that does as it is told.
fn obey(readings: &mut Readings, step: &Step) {
    let value = match (&step.to, readings[&step.setting].value().unwrap()) {
        (SettingValue::Word(to), SettingValue::Word(from))
            if to.chars().all(|c| "01x".contains(c)) =>
        {
            let mixed = to.chars().zip(from.chars());
            SettingValue::Word(mixed.map(|(t, f)| if t == 'x' { f } else { t }).collect())
        }
        (to, _) => to.clone(),
    };
    readings.insert(step.setting.clone(), Reading::Read(value));
}

fn profile_and_settings() -> impl Strategy<Value = (Catalog, Settings, Settings)> {
    prop::sample::select(vec!["led-485", "escpos-80mm", "led-card"]).prop_flat_map(|id| {
        let catalog = catalog(id);
        let (current, desired) = (any_settings(&catalog, false), some_settings(&catalog));
        (Just(catalog), current, desired)
    })
}

proptest! {
    #[test]
    fn a_plan_leads_to_what_is_desired_and_then_there_is_nothing_to_do(
        (catalog, current, desired) in profile_and_settings()
    ) {
        let mut readings: Readings = current
            .into_iter()
            .map(|(name, value)| (name, Reading::Read(value)))
            .collect();
        let before = readings.clone();
        let steps = plan(&catalog, &readings, &desired).unwrap();
        for step in &steps {
            obey(&mut readings, step);
        }
        prop_assert_eq!(plan(&catalog, &readings, &desired), Ok(vec![]));
        for compared in compare(&catalog, &readings, &desired) {
            prop_assert_eq!(compared.comparison, Comparison::Same);
        }
        // Nothing else was touched, nothing was written that was right, and nothing twice.
        for (name, reading) in &before {
            let writes = steps.iter().filter(|step| step.setting == *name).count();
            prop_assert_eq!(writes, usize::from(readings[name] != *reading));
        }
        // What changes the link comes last, address before speed.
        let changes: Vec<Option<LinkPart>> = steps.iter().map(|step| step.changes).collect();
        prop_assert!(changes.is_sorted());
    }
}

#[test]
fn all_mistakes_are_told() {
    let catalog = catalog("led-485");
    let desired = Settings::from([
        ("addres".into(), SettingValue::Number(3)),
        ("address".into(), SettingValue::Number(300)),
        ("baud".into(), SettingValue::Number(9_600)),
    ]);
    let unread = Reading::Unreadable("no answer".into());
    let current = Readings::from([
        ("address".into(), Reading::Reached(SettingValue::Number(1))),
        ("baud".into(), unread),
    ]);
    let told: Vec<String> = plan(&catalog, &current, &desired)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "unknown setting `addres`, expected one of address, baud",
            "invalid address 300, expected 1 to 247",
            "baud cannot be read: no answer",
        ]
    );
}

#[test]
fn what_a_device_cannot_tell_is_written_and_said_to_be_unverifiable() {
    let catalog = catalog("led-485");
    let desired = Settings::from([("baud".into(), SettingValue::Number(19_200))]);
    let current = Readings::from([("baud".into(), Reading::Unverifiable)]);
    let compared = compare(&catalog, &current, &desired);
    assert_eq!(compared[0].comparison, Comparison::Unverifiable);
    assert_eq!(plan(&catalog, &current, &desired).unwrap().len(), 1);
}
