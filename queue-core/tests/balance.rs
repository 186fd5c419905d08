//! The Gini coefficient against its definition by pairs.

use proptest::prelude::*;
use queue_core::statistics::gini;

/// Half the mean difference of all pairs, by the mean.
fn by_pairs(loads: &[f64]) -> f64 {
    let n = loads.len() as f64;
    let differences = loads
        .iter()
        .flat_map(|a| loads.iter().map(move |b| (a - b).abs()));
    differences.sum::<f64>() / (2.0 * n * loads.iter().sum::<f64>())
}

#[test]
fn known_values() {
    assert_eq!(gini(&[3.0, 3.0, 3.0]), Some(0.0));
    assert_eq!(gini(&[0.0, 0.0, 0.0, 1.0]), Some(0.75));
    assert_eq!(gini(&[1.0, 3.0]), Some(0.25));
    for nothing in [&[][..], &[5.0], &[0.0, 0.0], &[1.0, -1.0], &[1.0, f64::NAN]] {
        assert_eq!(gini(nothing), None, "{nothing:?}");
    }
}

proptest! {
    #[test]
    fn it_is_the_mean_difference_of_pairs(loads in prop::collection::vec(0.0_f64..1e6, 2..30), factor in 0.1_f64..10.0) {
        prop_assume!(loads.iter().sum::<f64>() > 1.0);
        let is = gini(&loads).expect("loads");
        prop_assert!((is - by_pairs(&loads)).abs() < 1e-9);
        prop_assert!((0.0..1.0).contains(&is));
        let scaled: Vec<f64> = loads.iter().rev().map(|load| load * factor).collect();
        prop_assert!((gini(&scaled).expect("loads") - is).abs() < 1e-9);
    }
}
