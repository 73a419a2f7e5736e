from admin_platform.home import register_feature

register_feature("welcome")
