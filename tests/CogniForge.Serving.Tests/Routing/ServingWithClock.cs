namespace CogniForge.Serving.Tests.Routing;

/// <summary>Model serving in memory, by a test's clock.</summary>
internal sealed class ServingWithClock(TimeProvider time) : ServingService(time);
