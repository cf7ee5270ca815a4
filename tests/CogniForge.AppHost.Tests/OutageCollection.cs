namespace CogniForge.AppHost.Tests;

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class OutageCollection : ICollectionFixture<OutageSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "outages";
}
