namespace CogniForge.ServiceDefaults.Tests.Messaging.Journal;

internal sealed record Fact(Guid Id, string Text);
