"""What may change of a channel: functions of a configuration that give another, and leave their own as it was.

May import `channels`; knows nothing of proposals, which are made of them, as is what `up` brings to running channels.
"""
