namespace CogniForge.Serving.Routing;

/// <summary>The status of a canary.</summary>
internal enum CanaryStatus
{
    /// <summary>Its share grows while the guard-rails hold.</summary>
    Running,

    /// <summary>The last step has held: it gets every request.</summary>
    Completed,

    /// <summary>A guard-rail was broken: the stable version gets every request.</summary>
    RolledBack,
}
