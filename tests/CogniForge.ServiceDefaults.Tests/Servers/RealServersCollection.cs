namespace CogniForge.ServiceDefaults.Tests.Servers;

/// <summary>Tests that share the servers.</summary>
[CollectionDefinition(Name)]
public sealed class RealServersCollection : ICollectionFixture<RealServers>
{
    public const string Name = "real servers";
}
