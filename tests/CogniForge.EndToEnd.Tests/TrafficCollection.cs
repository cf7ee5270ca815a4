namespace CogniForge.EndToEnd.Tests;

/// <summary>
/// The tests under traffic, one after the other and after all others: two systems under load at once starve each other
/// on a small machine.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TrafficCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "traffic";
}
