//! [`Api`]: the one way into the account: every call passes its faults and crash points.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use infra_core::{
    clock::Clock,
    handler::{HandlerError, Problem},
    schema::TypeDef,
};

use super::{
    World,
    faults::{Chance, Faults, Hook, Point},
    refusal::Refusal,
};

/// The way into the account.
pub(super) struct Api {
    pub(super) world: Mutex<World>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) faults: Faults,
    pub(super) chance: Chance,
    pub(super) hook: Option<Arc<dyn Hook>>,
    /// What secrets are digested with before they are kept.
    pub(super) veil: [u8; 32],
}

impl Api {
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call: arrives, may be throttled, is executed, and may lose its answer.
    pub(super) async fn call<T>(
        &self,
        ty: &'static TypeDef,
        operation: &'static str,
        work: impl FnOnce(&mut World, &Self) -> Result<T, Refusal>,
    ) -> Result<T, HandlerError> {
        self.pass(Point::Before, operation, ty).await;
        let refused = |problem, code: &str, message: &str| {
            HandlerError::refused(problem, ty.service(), operation, code, message)
        };
        if self.chance.happens(self.faults.throttle) {
            let problem = Problem::Throttled { retry_after: None };
            return Err(refused(problem, "Throttling", "too many requests"));
        }
        if self.chance.happens(self.faults.unavailable) {
            return Err(refused(Problem::Transient, "ServiceUnavailable", "internal error"));
        }
        let result = {
            let mut world = self.lock();
            world.advance(self.clock.now());
            work(&mut world, self)
        };
        self.pass(Point::After, operation, ty).await;
        if self.chance.happens(self.faults.lost) {
            return Err(HandlerError::lost(ty.service(), operation, "the connection was lost"));
        }
        result.map_err(|refusal| refusal.into_error(ty, operation))
    }

    async fn pass(&self, point: Point, operation: &'static str, ty: &'static TypeDef) {
        if self.hook.as_ref().is_some_and(|hook| hook.dies(point, operation, ty.name)) {
            // The caller's process is dead; nobody waits for this any more.
            std::future::pending::<()>().await;
        }
    }

    /// How long something new stays invisible.
    pub(super) fn lag(&self) -> u64 {
        self.chance.below(self.faults.lag_ms)
    }
}
