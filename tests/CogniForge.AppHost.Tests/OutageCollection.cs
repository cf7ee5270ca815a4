namespace CogniForge.AppHost.Tests;

/// <summary>The tests that share a system with outages.</summary>
[CollectionDefinition(Name)]
public sealed class OutageCollection : ICollectionFixture<OutageSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "outages";
}
