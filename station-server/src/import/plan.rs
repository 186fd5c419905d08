//! Completing the plan with what an imported log names.

use std::collections::BTreeSet;

use queue_core::{ClassId, ClassPlan, ImportedTicket, Series, ServicePlan, StationPlan};

/// The first guess of the handling time of a service nobody has configured yet, seconds.
const EXPECTED_HANDLING_S: u32 = 5 * 60;

/// What was added to the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Created {
    /// Services, with the letters their numbers would have.
    pub services: Vec<(String, Series)>,
    /// Classes, without head start.
    pub classes: Vec<String>,
    /// Counters, able to do what they did in the file.
    pub counters: Vec<String>,
}

/// The plan with every service, class and counter of `tickets`; the same plan when it has them all.
pub(super) fn completed(plan: &StationPlan, tickets: &[ImportedTicket]) -> (StationPlan, Created) {
    let mut plan = plan.clone();
    let mut created = Created::default();
    for ticket in tickets {
        if !plan.services.contains_key(&ticket.service)
            && let Some(series) = free_series(&plan)
        {
            created
                .services
                .push((ticket.service.to_string(), series.clone()));
            let service = ServicePlan {
                series,
                // Nobody has promised anything.
                wait_standard_s: None,
                expected_handling_s: EXPECTED_HANDLING_S,
                steps: vec![],
                identity_check: false,
            };
            plan.services.insert(ticket.service.clone(), service);
        }
        if !plan.classes.contains_key(&ticket.class) {
            created.classes.push(ticket.class.to_string());
            plan.classes
                .insert(ticket.class.clone(), ClassPlan::default());
        }
        if let Some(counter) = &ticket.counter {
            let name = counter.to_string();
            let known = plan.counters.contains_key(counter);
            if !known {
                created.counters.push(name.clone());
            }
            if !known || created.counters.contains(&name) {
                plan.counters
                    .entry(counter.clone())
                    .or_default()
                    .skills
                    .insert(ticket.service.clone());
            }
        }
    }
    if plan.default_class.is_none() {
        let regular = |class: &&ClassId| class.as_str() == "regular";
        let default = plan.classes.keys().find(regular);
        plan.default_class = default.or(plan.classes.keys().next()).cloned();
    }
    (plan, created)
}

/// The first letter, or pair of letters, that no service has.
fn free_series(plan: &StationPlan) -> Option<Series> {
    let taken: BTreeSet<&str> = plan.services.values().map(|s| s.series.as_str()).collect();
    let singles = ('A'..='Z').map(String::from);
    let pairs = ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| format!("{a}{b}")));
    let free = singles.chain(pairs).find(|s| !taken.contains(s.as_str()))?;
    Series::new(&free).ok()
}
